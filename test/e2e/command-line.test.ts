/** The command line as a person uses it: as a plugin of kubectl, with one's own rights, on a release under traffic. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { exitCodes, type Exit } from '../../operator/cli/exit.ts';
import { kubeconfig, kubectlPath } from '../../testbed/cluster.ts';
import { difference, tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { generations, restartsBetween } from '../../testbed/demo/restarts.ts';
import { liveRelease } from './live-release.ts';

const namespace = 'e2e-command-line';
const values = ['--set', 'operator.extraWorkloads={deployment/traffic}'];
const live = liveRelease(namespace, values);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugin-'));
  const program = resolve('dist/operator/main.mjs');
  await chmod(program, 0o755);
  await symlink(program, join(folder, 'kubectl-kure_bootstrap'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** All that was ever printed, and all values that there ever were. */
const printed: string[] = [];
const secrets = new Set<string>();

/** `kubectl kure-bootstrap …` in the release's namespace. */
async function kure(...args: readonly string[]): Promise<Ended> {
  const ended = await runPlugin(args);
  printed.push(ended.out, ended.error);
  for (const value of await secretValues()) secrets.add(value);
  return ended;
}

function runPlugin(args: readonly string[]): Promise<Ended> {
  const env = { PATH: [folder, dirname(process.execPath), process.env['PATH']].join(':'), KUBECONFIG: kubeconfig };
  return new Promise((done) => {
    execFile(kubectlPath, ['kure-bootstrap', ...args, '--namespace', namespace], { env }, (failure, out, error) =>
      done({ code: failure ? Number(failure.code) : 0, out, error }),
    );
  });
}

/** Says what was printed where the exit code is another one. */
const expectExit = ({ code, out, error }: Ended, exit: Exit): void => expect(code, `${out}${error}`).toBe(exitCodes[exit]);

const json = async <T>(...args: readonly string[]): Promise<T> => JSON.parse((await kure(...args, '--output', 'json')).out) as T;

interface Status {
  readonly phase: string;
  readonly keys: Readonly<Record<string, { readonly target: string; readonly accepted: readonly { readonly name: string }[] }>>;
}

async function secretValues(): Promise<string[]> {
  const secrets = ['bootstrap', 'encryption'].map((name) => live.release.get<{ data: Record<string, string> }>('secret', `kure-monitor-${name}`));
  return (await Promise.all(secrets)).flatMap(({ data }) => Object.values(data)).flatMap((encoded) => [encoded, Buffer.from(encoded, 'base64').toString()]);
}

async function untilStable(): Promise<void> {
  await live.release.kubectl(['wait', 'configmap/kure-monitor-rotation', '--for=jsonpath={.data.phase}=Stable', '--timeout=3m']);
}

const rollOut = (name: string) => live.release.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=2m']);

async function scale(name: string, replicas: number): Promise<void> {
  await live.release.kubectl(['scale', `deployment/${name}`, `--replicas=${replicas}`]);
  await rollOut(name);
}

test('status shows a stable release', async () => {
  await untilStable();
  const { code, out } = await kure('status');
  expect(code).toBe(exitCodes.done);
  expect(out).toContain(`kure-monitor in ${namespace}: Stable`);
  expect(out).toMatch(/Deployment\/kure-monitor-backend +verifier +0 +1 +1 +service-token/);
});

test('plan says the backend first, then all presenters, and that is what a rotation restarts', async () => {
  const [plan] = await json<{ steps: { who: string; workloads: { workload: string }[] }[]; restarts: number }[]>('plan', 'service-token');
  const order = plan!.steps.map(({ who, workloads }) => [who, workloads.map(({ workload }) => workload).toSorted()]);
  const presenters = ['DaemonSet/kure-monitor-agent', 'Deployment/kure-monitor-security-scanner', 'Deployment/traffic'];
  expect(order).toEqual([['verifiers', ['Deployment/kure-monitor-backend']], ['presenters', presenters]]);
  const before = await generations(live.release);
  expectExit(await kure('rotate', '--wait'), 'done');
  const restarts = Object.values(restartsBetween(before, await generations(live.release)));
  expect(restarts.reduce((sum, count) => sum + count)).toBe(plan!.restarts);
  const generation = (await json<Status>('status')).keys['service-token']!.target;
  await vi.waitFor(async () => {
    const said = await live.release.kubectl(['describe', 'daemonset', 'kure-monitor-agent']);
    expect(said).toContain(`DaemonSet/kure-monitor-agent restarted for service-token ${generation}`);
  }, 20_000);
});

test.each(['service-token', 'session-secret', 'encryption-key'])('rotate %s --wait ends with the new value alone, and rejects nothing', async (key) => {
  await waitForAccepted(live.release, 50);
  const before = { tally: await tally(live.release), status: await json<Status>('status') };
  const { code, out } = await kure('rotate', key, '--wait');
  expect(code).toBe(exitCodes.done);
  expect(out).toMatch(/^ +[\d.]+ s {2}Stable$/m);
  const { phase, keys } = await json<Status>('status');
  const { target, accepted } = keys[key]!;
  expect(out).toContain(`${key} is now generation ${target}`);
  expect({ phase, accepted: accepted.map(({ name }) => name) }).toEqual({ phase: 'Stable', accepted: [target] });
  expect(target).not.toBe(before.status.keys[key]!.target);
  await waitForAccepted(live.release, 50);
  expect(difference(await tally(live.release), before.tally)).toMatchObject({ rejected: 0, failed: 0 });
  const history = await json<{ key: string; generation: string; editedBy: string }[]>('history');
  expect(history.at(-1)).toMatchObject({ key, generation: target, editedBy: 'kure-bootstrap-cli' });
});

test('rotate --revoke --wait refuses the older value at once', async () => {
  const before = await json<Status>('status');
  expectExit(await kure('rotate', 'service-token', '--revoke', '--wait'), 'done');
  const { phase, keys } = await json<Status>('status');
  const { target, accepted } = keys['service-token']!;
  expect({ phase, accepted: accepted.map(({ name }) => name) }).toEqual({ phase: 'Stable', accepted: [target] });
  expect(target).not.toBe(before.keys['service-token']!.target);
  await waitForAccepted(live.release, 50);
});

test('accept takes what a renderer made up, and rejects nothing', async () => {
  const before = { tally: await tally(live.release), status: await json<Status>('status') };
  expectExit(await kure('pause'), 'done'); // without it a person has the seconds in which a pod may hold the value
  const rendered = await live.release.helm(['template', 'kure-monitor', 'chart', ...values, '--show-only', 'templates/bootstrap/secret.yaml']);
  await live.release.kubectl(['apply', '--filename', '-'], { input: rendered });
  await vi.waitFor(async () => expectExit(await kure('accept'), 'done'), { timeout: 60_000, interval: 500 });
  expectExit(await kure('resume'), 'done');
  await untilStable();
  const { keys } = await json<Status>('status');
  for (const key of ['service-token', 'session-secret']) expect(keys[key]!.target).not.toBe(before.status.keys[key]!.target);
  expect(difference(await tally(live.release), before.tally)).toMatchObject({ rejected: 0, failed: 0 });
});

test('a wait that is too short ends with its own exit code, and the rotation goes on', async () => {
  const { code, error } = await kure('rotate', '--wait', '--timeout', '1s');
  expect(code).toBe(exitCodes.timedOut);
  expect(error).toContain('waiting for');
  await untilStable();
  expectExit(await kure('status'), 'done');
});

test('pause holds a rotation, abort gives it up, resume ends it, and no request is rejected', async () => {
  const before = { tally: await tally(live.release), status: await json<Status>('status') };
  expectExit(await kure('pause'), 'done');
  expectExit(await kure('pause'), 'refused');
  expectExit(await kure('rotate', '--wait'), 'refused');
  const restarts = await generations(live.release);
  expectExit(await kure('rotate'), 'done');
  await vi.waitFor(async () => {
    const { phase, keys } = await json<Status>('status');
    expect([phase, keys['service-token']!.target === before.status.keys['service-token']!.target]).toEqual(['Paused', false]);
  }, { timeout: 60_000, interval: 200 });
  const aborted = await kure('abort');
  expectExit(aborted, 'done');
  expect(aborted.out).toContain('is the target again');
  expect(await generations(live.release), 'nothing restarts while it is paused').toEqual(restarts);
  expectExit(await kure('resume'), 'done');
  expectExit(await kure('resume'), 'refused');
  await untilStable();
  expectExit(await kure('abort'), 'refused');
  const { keys } = await json<Status>('status');
  expect(keys['service-token']!.target, 'a generation name is never used twice').not.toBe(before.status.keys['service-token']!.target);
  expect(difference(await tally(live.release), before.tally)).toMatchObject({ rejected: 0, failed: 0 });
});

test.each([
  ['accept', 'nothing to accept'],
  ['retire nobody --now', 'nobody is not an older generation'],
  ['retire nobody', '--now'],
])('%s is refused with a reason', async (words, reason) => {
  const { code, error } = await kure(...words.split(' '));
  expect(code).toBe(exitCodes.refused);
  expect(error).toContain(reason);
});

test('verify finds nothing, and with no backend it does', async () => {
  expectExit(await kure('verify'), 'done');
  onTestFinished(() => scale('kure-monitor-backend', 1));
  await scale('kure-monitor-backend', 0);
  const { code, out } = await kure('verify');
  expect(code).toBe(exitCodes.findings);
  expect(out).toContain('no verifier is ready');
});

test('doctor finds nothing, and names what a lost role takes away', async () => {
  await untilStable();
  expectExit(await kure('doctor'), 'done');
  onTestFinished(() => live.release.upgrade(values));
  await live.release.kubectl(['delete', 'rolebinding', 'kure-monitor-operator']);
  const { code, out } = await kure('doctor');
  expect(code).toBe(exitCodes.findings);
  expect(out).toContain('the operator may not list,watch,patch secrets kure-monitor-keyring');
  expect(out).toMatch(/the operator may not restart .*Deployment\/traffic/);
});

test('helm test passes', async () => {
  expect(await live.release.helm(['test', 'kure-monitor', '--logs'])).toContain('is ready');
});

test('what may not be waited for is refused, and nothing is written', async () => {
  const account = 'may-not-watch';
  await live.release.kubectl(['create', 'serviceaccount', account]);
  await live.release.kubectl(['create', 'role', account, '--verb=get,patch', '--resource=secrets,configmaps,deployments.apps,leases.coordination.k8s.io']);
  await live.release.kubectl(['create', 'rolebinding', account, `--role=${account}`, `--serviceaccount=${namespace}:${account}`]);
  const token = (await live.release.kubectl(['create', 'token', account])).trim();
  const config = load(await readFile(kubeconfig, 'utf8')) as { users: { user: object }[] };
  const limited = join(folder, 'kubeconfig');
  await writeFile(limited, dump({ ...config, users: config.users.map((one) => ({ ...one, user: { token } })) }), { mode: 0o600 });
  const before = await secretValues();
  for (const args of [['rotate', '--wait'], ['pause'], ['status', '--watch']]) {
    const ended = await kure(...args, '--release', 'kure-monitor', '--kubeconfig', limited);
    expectExit(ended, 'failure');
    expect(ended.error).toContain('cannot list resource "configmaps"');
  }
  expect(await secretValues()).toEqual(before);
});

test('without a running operator rotate refuses, says what to do, and writes nothing', async () => {
  onTestFinished(() => scale('kure-monitor-operator', 1));
  await scale('kure-monitor-operator', 0);
  const before = await secretValues();
  const { code, error } = await kure('rotate', '--wait');
  expect(code).toBe(exitCodes.refused);
  expect(error).toContain('no operator runs for kure-monitor');
  expect(await secretValues()).toEqual(before);
  expectExit(await kure('doctor'), 'findings');
});

test('no value was ever printed', () => {
  expect(secrets.size).toBeGreaterThan(6);
  const text = printed.join('\n');
  expect([...secrets].filter((value) => text.includes(value))).toEqual([]);
});
