/**
 * The Lease against the real API server: two processes that both want to write, and every way in which the one that may
 * can vanish. What each wrote, and in which order, stands in one object that each of them replaces.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished, vi } from 'vitest';
import { collectionPath, objectPath, type KubeObject } from '../../shared/kube/objects.ts';
import { bound } from '../fixtures/bound.ts';
import { givenNamespace, type TestNamespace } from '../fixtures/namespace.ts';

const durationMs = 3_000;
const name = 'kure-operator';
const patience = { timeout: 30_000, interval: 20 };

interface LeaseObject extends KubeObject {
  readonly spec: { readonly holderIdentity?: string; readonly leaseTransitions?: number; readonly renewTime?: string; readonly acquireTime?: string };
}

interface Candidate {
  readonly process: ChildProcess;
  /** `held` and `lost`, in order. */
  readonly said: readonly string[];
  /** It has seen the Lease. */
  hasLooked: boolean;
}

async function candidate({ name: namespace }: TestNamespace, identity: string): Promise<Candidate> {
  const program = join(import.meta.dirname, '../fixtures/lease-holder.ts');
  const line = bound(process.execPath, program, namespace, name, identity, String(durationMs));
  const child = spawn(line.program, line.args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const said: string[] = [];
  const started: Candidate = { process: child, said, hasLooked: false };
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'looked') started.hasLooked = true;
    else said.push(line);
  });
  await once(child, 'spawn');
  return started;
}

/** The Lease, and who wrote, oldest first. */
function account({ kube, name: namespace }: TestNamespace) {
  return {
    lease: () => kube.get<LeaseObject>(objectPath('leases', namespace, name)),
    async writers(): Promise<string[]> {
      const { data } = await kube.get<KubeObject & { data: { writers: string } }>(objectPath('configmaps', namespace, 'record'));
      return data.writers.split(' ').slice(1);
    },
  };
}

/** Each writer once for each time that it took over. */
const turns = (writers: readonly string[]): string[] => writers.filter((writer, at) => writer !== writers[at - 1]);

async function twoCandidates() {
  const namespace = await givenNamespace('lease');
  const see = account(namespace);
  await namespace.kube.create(collectionPath('configmaps', namespace.name), { metadata: { name: 'record' }, data: { writers: '' } });
  const first = await candidate(namespace, 'first');
  await vi.waitUntil(() => first.said.includes('held'), patience);
  const second = await candidate(namespace, 'second');
  await vi.waitUntil(() => second.hasLooked, patience);
  const count = async (identity: string) => (await see.writers()).filter((writer) => writer === identity).length;
  /** Long enough for the other one to write, too, if it did. */
  const writes = async (identity: string) => {
    const before = await count(identity);
    await vi.waitUntil(async () => (await count(identity)) > before + 5, patience);
  };
  await writes('first');
  return { namespace, see, first, second, writes };
}

/** Milliseconds until the second one holds it. */
async function takeOver(second: Candidate): Promise<number> {
  const from = performance.now();
  await vi.waitUntil(() => second.said.includes('held'), patience);
  return Math.round(performance.now() - from);
}

const tell = (what: string, ms: number) => console.log(`${what}: the other one took over after ${ms} ms (a Lease of ${durationMs} ms)`);

it('gives the Lease to one, in the form that client-go writes, and keeps the other waiting', async () => {
  const { see, first, second } = await twoCandidates();
  const { spec } = await see.lease();
  expect(spec).toMatchObject({ holderIdentity: 'first', leaseDurationSeconds: durationMs / 1000, leaseTransitions: 0 });
  for (const instant of [spec.acquireTime, spec.renewTime]) expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const heldForMs = async () => {
    const { acquireTime = '', renewTime = '' } = (await see.lease()).spec;
    return Date.parse(renewTime) - Date.parse(acquireTime);
  };
  await vi.waitUntil(async () => (await heldForMs()) > 2 * durationMs, patience);
  expect([first.said, second.said, turns(await see.writers())]).toEqual([['held'], [], ['first']]);
});

it('is handed over at once by a holder that stops', async () => {
  const { see, first, second, writes } = await twoCandidates();
  first.process.kill('SIGTERM');
  const ms = await takeOver(second);
  tell('stopped properly', ms);
  expect(ms).toBeLessThan(durationMs / 2);
  await writes('second');
  expect(turns(await see.writers())).toEqual(['first', 'second']);
  expect((await see.lease()).spec).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 });
});

it('is taken over from a holder that was killed, after its time and not before', async () => {
  const { see, first, second, writes } = await twoCandidates();
  first.process.kill('SIGKILL');
  const ms = await takeOver(second);
  tell('killed', ms);
  expect(ms).toBeGreaterThan(durationMs / 3);
  expect(ms).toBeLessThan(durationMs * 2);
  await writes('second');
  expect(turns(await see.writers())).toEqual(['first', 'second']);
});

it('is taken over from a holder that stands still, which writes nothing more when it goes on', async () => {
  const { see, first, second, writes } = await twoCandidates();
  first.process.kill('SIGSTOP');
  const ms = await takeOver(second);
  tell('standing still', ms);
  await writes('second');
  first.process.kill('SIGCONT');
  await vi.waitUntil(() => first.said.includes('lost'), patience);
  await writes('second');
  expect(turns(await see.writers())).toEqual(['first', 'second']);
  expect(first.said).toEqual(['held', 'lost']);
});

it('goes back and forth with never two writers between', async () => {
  const { see, first, second, writes } = await twoCandidates();
  first.process.kill('SIGSTOP');
  await takeOver(second);
  await writes('second');
  first.process.kill('SIGCONT');
  second.process.kill('SIGSTOP');
  await vi.waitUntil(() => first.said.filter((word) => word === 'held').length === 2, patience);
  await writes('first');
  second.process.kill('SIGCONT');
  await vi.waitUntil(() => second.said.includes('lost'), patience);
  expect(turns(await see.writers())).toEqual(['first', 'second', 'first']);
  expect((await see.lease()).spec).toMatchObject({ holderIdentity: 'first', leaseTransitions: 2 });
});

it('is not lost by being deleted: whoever saw it waits as long as its holder may write', async () => {
  const { namespace, see, first, second, writes } = await twoCandidates();
  first.process.kill('SIGSTOP');
  await namespace.kube.delete(objectPath('leases', namespace.name, name));
  expect(await takeOver(second)).toBeGreaterThan(durationMs / 2);
  await writes('second');
  first.process.kill('SIGCONT');
  await vi.waitUntil(() => first.said.includes('lost'), patience);
  expect(turns(await see.writers())).toEqual(['first', 'second']);
});
