/** Resident memory at rest, of fresh processes side by side. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectionPath, encodeEntry } from '../../shared/kube/objects.ts';
import type { AuditEvent } from '../../testbed/audit.ts';
import { nodeFlags } from '../../testbed/oci/programs.ts';
import type { Audit } from '../audit.ts';
import { userName, type Cluster } from '../cluster.ts';
import { median } from '../figures.ts';
import { inParallel } from '../in-parallel.ts';
import { end, residentBytes, start } from '../processes.ts';
import { launch, type Contender, type Running } from './contenders.ts';

/** Until the first lists are done with and their garbage would be collected if it ever is. */
const restMs = 20_000;

/** Bytes, the medians of `runs` processes of each, in the same order. */
export async function memoryOf(contenders: readonly Contender[], cluster: Cluster, runs: number): Promise<number[]> {
  const found: number[][] = [];
  for (let run = 0; run < runs; run += 1) {
    const running: Running[] = [];
    try {
      for (const contender of contenders) running.push(await launch(contender, cluster));
      await sleep(restMs);
      found.push(running.map(({ memory }) => memory()));
    } finally {
      await Promise.all(running.map(({ child }) => end(child)));
    }
  }
  return contenders.map((_, index) => median(found.map((row) => row[index] ?? Number.NaN)));
}

/** Bytes of a Node process that does nothing. */
export async function emptyNode(cluster: Cluster): Promise<number> {
  const child = start({
    program: process.execPath,
    args: [...nodeFlags('operator'), '--eval', 'setInterval(() => {}, 60_000)'],
    log: join(cluster.folder, 'empty.log'),
  });
  try {
    await sleep(2_000);
    return residentBytes(child.pid);
  } finally {
    await end(child);
  }
}

/** Secrets of 1.5 KB that belong to nobody here, a hundred to a namespace. */
export async function addForeignSecrets({ client }: Cluster, count: number): Promise<void> {
  const entry = encodeEntry('x'.repeat(1_536));
  const namespaces = Array.from({ length: Math.ceil(count / 100) }, (_, index) => `foreign-${index}`);
  await inParallel(namespaces, 10, async (namespace) => {
    await client.create(collectionPath('namespaces'), { metadata: { name: namespace } });
    for (let index = 0; index < Math.min(100, count); index += 1) {
      await client.create(collectionPath('secrets', namespace), { metadata: { name: `secret-${index}` }, data: { entry } });
    }
  });
}

/** Requests of ours about Secrets; foreign are those that no label or name narrows, or that go to a foreign namespace. */
export async function readsOfSecrets(audit: Audit): Promise<{ all: AuditEvent[]; foreign: AuditEvent[] }> {
  const all = (await audit.next()).filter(({ user, objectRef }) => user.username === userName('ours') && objectRef?.resource === 'secrets');
  const foreign = all.filter(({ requestURI, objectRef }) => {
    const query = new URL(requestURI, 'http://api').searchParams;
    const isNarrowed = query.has('labelSelector') || query.get('fieldSelector')?.startsWith('metadata.name=');
    return objectRef?.namespace?.startsWith('foreign-') === true || (objectRef?.name === undefined && !isNarrowed);
  });
  return { all, foreign };
}
