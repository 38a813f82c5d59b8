/**
 * One edit of one release at a time: how long until the first of its three workloads is patched for a restart, and until
 * the last. Both ends are the moments at which the API server had answered, from its audit log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent } from '../../testbed/audit.ts';
import { answeredAt, Audit, hasSucceeded, receivedAt, subjectOf } from '../audit.ts';
import { userName, type Cluster } from '../cluster.ts';
import { end, until } from '../processes.ts';
import { launch, type Contender } from './contenders.ts';
import { edit, workloads } from './release.ts';

/** Milliseconds from the edit until the first patch was answered, and until the last was. */
export interface Delay {
  readonly first: number;
  readonly last: number;
  /** Of `first`: until the contender's first request came in, a read or a write, … */
  readonly heard: number;
  /** … from then until the patch came in, … */
  readonly prepared: number;
  /** … and until it was answered. */
  readonly patched: number;
}

/** The first edits of a process find its caches cold; people's edits do, too, but then all that varies is the machine. */
const warmUps = 5;

export async function delaysOf(contender: Contender, cluster: Cluster, namespace: string, edits: number): Promise<Delay[]> {
  const { child } = await launch(contender, cluster);
  try {
    // What is edited before ours has adopted it is no edit to it.
    await until('the contender has seen everything', () => contender.isDone(cluster.client, namespace));
    const found: Delay[] = [];
    for (let index = 0; index < edits + warmUps; index += 1) {
      // Not in step with anything that happens every second.
      await sleep(300 + 400 * Math.random());
      found.push(await oneEdit(contender, cluster, namespace));
    }
    return found.slice(warmUps);
  } finally {
    await end(child);
  }
}

async function oneEdit({ user, isDone }: Contender, cluster: Cluster, namespace: string): Promise<Delay> {
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
  const delay = delayOf(edited, seen.filter((event) => event.user.username === userName(user)), patches());
  await until('the rotation is over', () => isDone(cluster.client, namespace));
  return delay;
}

function delayOf(edited: AuditEvent, requests: readonly AuditEvent[], patches: readonly AuditEvent[]): Delay {
  const editedAt = answeredAt(edited);
  // The watch may be faster than the answer to whoever has edited.
  const heardAt = Math.min(...requests.map(receivedAt).filter((at) => at > receivedAt(edited)));
  const answers = patches.map(answeredAt);
  const firstAt = Math.min(...answers);
  const sentAt = Math.min(...patches.map(receivedAt));
  return {
    first: firstAt - editedAt,
    last: Math.max(...answers) - editedAt,
    heard: heardAt - editedAt,
    prepared: sentAt - heardAt,
    patched: firstAt - sentAt,
  };
}

export const isEdit = (event: AuditEvent): boolean =>
  event.user.username === userName('bench') && event.verb === 'patch' && event.objectRef?.resource === 'secrets';

export const isRestart = (event: AuditEvent, user: string): boolean =>
  event.user.username === user &&
  hasSucceeded(event) &&
  (event.verb === 'patch' || event.verb === 'update') &&
  event.objectRef?.apiGroup === 'apps' &&
  event.objectRef.subresource === undefined;
