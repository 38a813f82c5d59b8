/** The real agent: reports, recoveries, exclusions, and what it learns at its start. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checks } from './checks.ts';
import type { Cluster } from './cluster.ts';
import type { Dashboard, Row } from './dashboard.ts';
import type { Program } from './program.ts';

export async function checkAgent(checks: Checks, cluster: Cluster, dashboard: Dashboard, start: () => Program): Promise<void> {
  const { seen } = cluster;
  const named = async (path: string, name: string): Promise<Row | undefined> =>
    (await dashboard.list(path)).find(({ namespace, pod_name }) => namespace === seen && pod_name === name);
  const failing = (name: string) => named('/api/pods/failed', name);
  const resolved = async (name: string) => (await named('/api/pods/history', name)) !== undefined;

  const exclude = (pod_name: string) => dashboard.do('POST', '/api/admin/excluded-pods', { pod_name });
  const include = (pod_name: string) => dashboard.do('DELETE', `/api/admin/excluded-pods/${pod_name}`);

  for (const name of ['unseen', 'crashing']) await exclude(name);
  for (const name of ['imageless', 'unseen', 'gone-while-away']) await cluster.imageless(seen, name);
  await cluster.crashing(seen, 'crashing');
  const first = start();

  await checks.eventually('agent: the WebSocket is connected', () => first.output.includes('WebSocket connected successfully'));
  await checks.eventually('agent: a pod without image is reported', async () =>
    /ErrImagePull|ImagePullBackOff/.test(JSON.stringify((await failing('imageless'))?.['container_statuses'])),
  );
  checks.say('agent: an excluded pod is not reported', (await failing('unseen')) === undefined);

  await include('unseen');
  await checks.eventually('agent: it is reported once it is included', async () => (await failing('unseen')) !== undefined);
  await exclude('unseen');
  await checks.eventually('agent: excluded again it is out of sight', async () => (await failing('unseen')) === undefined);
  await include('unseen');
  await checks.eventually('agent: and is reported again after inclusion', async () => (await failing('unseen')) !== undefined);

  // It captures logs only of what is backing off as it looks, and reports a pod once in ten minutes or when it is included.
  const reportAgain = async () => {
    await exclude('crashing');
    await include('crashing');
    const patience = performance.now() + 5_000;
    while ((await failing('crashing')) === undefined && performance.now() < patience) await sleep(200);
  };
  await checks.eventually(
    'agent: a crashing pod is reported with its captured logs',
    async () => {
      if (await cluster.isBackingOff(seen, 'crashing')) await reportAgain();
      return (await failing('crashing'))?.['logs_captured'] === true;
    },
    180,
  );

  await cluster.remove(seen, 'imageless');
  await checks.eventually('agent: a deleted pod is resolved', () => resolved('imageless'));
  checks.say('agent: ran through', first.isRunning);
  await first.stop();
  await cluster.remove(seen, 'gone-while-away');
  start();
  await checks.eventually('agent: a pod that went while it was away is resolved after its start', () => resolved('gone-while-away'));
}
