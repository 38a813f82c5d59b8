/**
 * One edit of one release at a time: how long until the first of its three workloads is patched for a restart, and until
 * the last. Both ends are the moments at which the API server had answered, from its audit log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent } from '../../testbed/audit.ts';
import { answeredAt, Audit, hasSucceeded, subjectOf } from '../audit.ts';
import { userName, type Cluster } from '../cluster.ts';
import { end, until } from '../processes.ts';
import { launch, type Contender } from './contenders.ts';
import { edit, workloads } from './release.ts';

export interface Latency {
  /** Milliseconds, one for each edit. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** The first edits of a process find its caches cold; people's edits do, too, but then all that varies is the machine. */
const warmUps = 5;

export async function latencyOf(contender: Contender, cluster: Cluster, namespace: string, edits: number): Promise<Latency> {
  const { child } = await launch(contender, cluster);
  try {
    const found: { first: number; last: number }[] = [];
    for (let index = 0; index < edits + warmUps; index += 1) {
      // Not in step with anything that happens every second.
      await sleep(300 + 400 * Math.random());
      found.push(await oneEdit(contender, cluster, namespace));
    }
    const measured = found.slice(warmUps);
    return { first: measured.map(({ first }) => first), last: measured.map(({ last }) => last) };
  } finally {
    await end(child);
  }
}

async function oneEdit({ user, isDone }: Contender, cluster: Cluster, namespace: string): Promise<{ first: number; last: number }> {
  const audit = new Audit(cluster.auditLog);
  const seen: AuditEvent[] = [];
  await edit(cluster.client, namespace);
  const patches = () => seen.filter((event) => isRestart(event, userName(user)));
  await until('the restart patches of all workloads', async () => {
    seen.push(...(await audit.next()));
    return new Set(patches().map(subjectOf)).size === workloads.length;
  });
  const edited = seen.find(isEdit);
  if (!edited) throw new Error('the audit log does not hold the edit');
  const times = patches().map((event) => answeredAt(event) - answeredAt(edited));
  await until('the rotation is over', () => isDone(cluster.client, namespace));
  return { first: Math.min(...times), last: Math.max(...times) };
}

export const isEdit = (event: AuditEvent): boolean =>
  event.user.username === userName('bench') && event.verb === 'patch' && event.objectRef?.resource === 'secrets';

export const isRestart = (event: AuditEvent, user: string): boolean =>
  event.user.username === user &&
  hasSucceeded(event) &&
  (event.verb === 'patch' || event.verb === 'update') &&
  event.objectRef?.apiGroup === 'apps' &&
  event.objectRef.subresource === undefined;
