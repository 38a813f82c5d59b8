/** kubeconform, and the schemas of Kubernetes' versions without a network: built and unpacked once, then kept. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../testbed/command.ts';
import { withLock } from '../../testbed/lock.ts';
import { cache } from '../../testbed/places.ts';

/** The PyPI package that ships them; its schemas refer to one another by addresses that only it knows. */
const schemas = 'kubernetes-validate==1.37.0';
const program = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';
const folder = join(cache, 'kubeconform-0.8.0-1.37.0');

/** Resolves with the folder of the program and its schemas. */
export async function prepareKubeconform(versions: readonly string[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await withLock(join(folder, '.lock'), async () => {
    if (!existsSync(join(folder, 'kubeconform'))) await command('go', ['install', program], { env: { GOBIN: folder } });
    const missing = versions.filter((version) => !existsSync(schemasOf(version)));
    if (missing.length === 0) return;
    const unpacked = join(folder, '.unpacked');
    await command('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', unpacked, schemas]);
    for (const version of missing) convert(join(unpacked, `kubernetes_validate/kubernetes-json-schema/v${version}-local-strict`), schemasOf(version));
    rmSync(unpacked, { recursive: true });
  });
  return folder;
}

/** Where kubeconform itself looks for the schemas of a version. */
const schemasOf = (version: string): string => join(folder, `v${version}-standalone-strict`);

function convert(source: string, target: string): void {
  const draft = `${target}.draft`;
  mkdirSync(draft, { recursive: true });
  for (const name of readdirSync(source)) {
    const text = readFileSync(join(source, name), 'utf8');
    writeFileSync(join(draft, name), JSON.stringify(JSON.parse(text, withoutAddress)));
  }
  renameSync(draft, target);
}

function withoutAddress(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === '$id') return undefined;
  return key === '$ref' ? value.replace('/api/_definitions.json', '_definitions.json') : value;
}

/** What kubeconform finds, strictly, with its summary. Kinds of CRDs are left out by name. */
export function conform(manifests: string, version: string, leftOut: readonly string[]): string {
  const line = ['-strict', '-summary', '-kubernetes-version', version, '-schema-location', folder, '-skip', leftOut.join(','), '-'];
  const { stdout, stderr, error } = spawnSync(join(folder, 'kubeconform'), line, { input: manifests, encoding: 'utf8' });
  if (error) throw error;
  return stdout + stderr;
}
