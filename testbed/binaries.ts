// Builds the programs of the cluster from source with Go, once; the result is
// kept under a digest of everything that goes into it.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import { withLock } from './lock.ts';
import { cache } from './places.ts';
import type { Progress } from './progress.ts';
import { findCommand, RequirementError } from './requirements.ts';

export const kubernetesVersion = 'v1.34.4';
const [major, minor] = kubernetesVersion.slice(1).split('.');

const module = join(import.meta.dirname, 'binaries');
const links = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
];

type Tool = { path: string; version: string; variables?: Record<string, string> };

export const tools = {
  helm: {
    path: 'helm.sh/helm/v4/cmd/helm',
    version: 'v4.3.1',
    variables: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
  },
  helm3: {
    path: 'helm.sh/helm/v3/cmd/helm',
    version: 'v3.22.0',
    variables: {
      'helm.sh/helm/v3/internal/version.version': 'v3.22.0',
      'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': `${minor}`, // what `helm3 template` believes without a cluster
    },
  },
  coredns: { path: 'github.com/coredns/coredns', version: 'v1.15.0' },
  kwok: { path: 'sigs.k8s.io/kwok/cmd/kwok', version: 'v0.8.0' },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

const always: ToolName[] = ['helm', 'helm3', 'coredns'];

const versions = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].map((name) => ({
  [`${name}.gitVersion`]: kubernetesVersion,
  [`${name}.gitMajor`]: `${major}`,
  [`${name}.gitMinor`]: `${minor}`,
  [`${name}.gitTreeState`]: 'clean',
}));

const digest = (): string => {
  const hash = createHash('sha256').update(JSON.stringify([kubernetesVersion, tools]));
  for (const file of ['go.mod', 'go.sum', 'main.go', 'pause/main.go']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex').slice(0, 16);
};

/** The folder of all programs, for PATH. They are there after `buildBinaries`. */
export const binaries = join(cache, 'programs', digest());
export const binary = (name: string): string => join(binaries, name);

export async function buildBinaries(progress: Progress): Promise<void> {
  const missing = always.filter((name) => !existsSync(binary(name)));
  if (missing.length === 0 && existsSync(binary('kubernetes')) && existsSync(binary('pause'))) return;
  mkdirSync(binaries, { recursive: true });
  await withLock(join(binaries, '.lock'), async () => {
    if (!existsSync(binary('pause'))) await build('pause', './pause', {});
    if (!existsSync(binary('kubernetes'))) {
      const what = `building Kubernetes ${kubernetesVersion} (minutes the first time, then kept)`;
      await progress.step(what, (note) => build('kubernetes', '.', Object.assign({}, ...versions), note));
    }
    for (const name of links) if (!existsSync(binary(name))) symlinkSync('kubernetes', binary(name));
    for (const name of missing) await installTool(name, progress);
  });
}

/** Tools that only some work needs, KWOK for example, are built when first asked for. */
export async function buildTool(name: ToolName, progress: Progress): Promise<string> {
  mkdirSync(binaries, { recursive: true });
  if (!existsSync(binary(name))) await withLock(join(binaries, '.lock'), () => installTool(name, progress));
  return binary(name);
}

async function installTool(name: ToolName, progress: Progress): Promise<void> {
  if (existsSync(binary(name))) return;
  const tool: Tool = tools[name];
  const draft = join(binaries, `.${name}`);
  await progress.step(`building ${name} ${tool.version}`, (note) =>
    go(['install', '-v', ...flags(tool.variables ?? {}), `${tool.path}@${tool.version}`], note, { GOBIN: draft }),
  );
  renameSync(join(draft, tool.path.split('/').at(-1) ?? name), binary(name));
  rmSync(draft, { recursive: true });
}

async function build(
  name: string,
  source: string,
  variables: Record<string, string>,
  note?: (text: string) => void,
): Promise<void> {
  const draft = binary(`.${name}`);
  await go(['build', '-v', '-o', draft, ...flags(variables), source], note);
  chmodSync(draft, 0o755);
  renameSync(draft, binary(name));
}

const flags = (variables: Record<string, string>): string[] => [
  '-trimpath',
  '-ldflags',
  ['-s -w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(' '),
];

async function go(args: string[], note: (text: string) => void = () => {}, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const program = findCommand('go');
  if (!program)
    throw new RequirementError(
      'Building Kubernetes needs Go 1.26 or newer: install it from your distribution or go.dev, so that `go version` answers.',
    );
  let compiled = 0;
  const count = (text: string): void =>
    note(`${(compiled += text.split('\n').filter((line) => line && !line.startsWith('go: ')).length)} packages`);
  await command(program, args, { cwd: module, env: { CGO_ENABLED: '0', ...env }, onErrorOutput: count }); // -v names each package on stderr
}
