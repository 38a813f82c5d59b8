// The kubelet sets these for the whole machine; `down` puts them back.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { sysctls as file } from './places.ts'

const names = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops', 'kernel/keys/root_maxkeys', 'kernel/keys/root_maxbytes']
const fileOf = (name: string): string => `/proc/sys/${name}`

export function rememberSysctls(): void {
  if (existsSync(file)) return
  writeFileSync(file, JSON.stringify(Object.fromEntries(names.map((name) => [name, readFileSync(fileOf(name), 'utf8').trim()]))))
}

export function restoreSysctls(): void {
  if (!existsSync(file)) return
  const values = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  for (const [name, value] of Object.entries(values)) writeFileSync(fileOf(name), value)
}
