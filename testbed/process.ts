// Long-lived processes: started detached, remembered on disk by pid and start
// time, so that a later run finds them and never signals a reused pid.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logOf, processes } from './places.ts';

export type Identity = { pid: number; startTime: string; boot: string };
export type Life = 'running' | 'paused' | 'gone';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const recordOf = (name: string): string => join(processes, `${name}.json`);

/** The fields of /proc/<pid>/stat behind the name, which may itself hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

export function identify(pid: number): Identity | undefined {
  const startTime = statOf(pid)?.[19];
  return startTime === undefined ? undefined : { pid, startTime, boot };
}

export function lifeOf(identity: Identity | undefined): Life {
  if (!identity || identity.boot !== boot) return 'gone';
  const stat = statOf(identity.pid);
  if (!stat || stat[19] !== identity.startTime || stat[0] === 'Z' || stat[0] === 'X') return 'gone';
  return stat[0] === 'T' ? 'paused' : 'running';
}

export function recorded(name: string): Identity | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(name), 'utf8')) as Identity;
  } catch {
    return undefined;
  }
}

export function start(name: string, program: string, args: string[], env: NodeJS.ProcessEnv = {}): Identity {
  mkdirSync(processes, { recursive: true });
  mkdirSync(dirname(logOf(name)), { recursive: true });
  const log = openSync(logOf(name), 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    cwd: '/',
  });
  child.on('error', () => {}); // without a pid below; the caller hears of it there
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new Error(`${program} does not start. Run scripts/setup, it installs what the test bed needs.`);
  writeFileSync(recordOf(name), JSON.stringify(identity));
  return identity;
}

export function signal(identity: Identity | undefined, what: NodeJS.Signals): boolean {
  if (!identity || lifeOf(identity) === 'gone') return false;
  process.kill(identity.pid, what);
  return true;
}

/** Asks, waits, insists. */
export async function stop(identity: Identity | undefined, patienceMs: number): Promise<void> {
  if (!signal(identity, 'SIGTERM')) return;
  signal(identity, 'SIGCONT'); // a paused process cannot hear SIGTERM
  const deadline = performance.now() + patienceMs;
  while (lifeOf(identity) !== 'gone') {
    if (performance.now() > deadline) signal(identity, 'SIGKILL');
    await sleep(20);
  }
}

export const forget = (name: string): void => rmSync(recordOf(name), { force: true });
