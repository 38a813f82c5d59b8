import { expect, it } from 'vitest';
import { Metrics } from '../../../../operator/run/metrics.ts';
import { ReleaseLoop, type Surroundings } from '../../../../operator/run/release-loop.ts';
import { defaultSettings } from '../../../../operator/model/plan.ts';
import type { Clock } from '../../../../shared/clock.ts';
import { KubeError } from '../../../../shared/kube/kube-error.ts';
import { encodeEntry } from '../../../../shared/kube/objects.ts';
import { createLogger } from '../../../../shared/log.ts';
import * as given from '../../../fixtures/given.ts';
import { release } from '../observe/given-release.ts';

const refuse = () => Promise.reject(new KubeError('POST /x: 429', 429, 'TooManyRequests', 7_000));

it('leaves the API server alone for as long as that asks, whatever happens meanwhile', async () => {
  const data = { token: encodeEntry(given.value('token')), session: encodeEntry(given.value('session')) };
  const bootstrap = { metadata: { name: 'b', uid: 'u', resourceVersion: '10' }, data };
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => given.now,
    // eslint-disable-next-line typescript/require-await
    sleep: async (ms) => {
      pauses.push(ms);
      if (ms === 7_000 || pauses.length === 50) loop.stop();
    },
  };
  const loop = new ReleaseLoop(release, {
    cluster: { remembered: () => ({ secrets: { bootstrap }, workloads: [], pods: [] }), wrote: () => {} },
    client: { create: refuse },
    telling: { create: refuse, patch: refuse },
    clock,
    log: createLogger('test', 'silent'),
    settings: defaultSettings,
    instance: 'operator-0',
    metrics: new Metrics({ clock, stats: () => [], isLeader: () => true }),
  } as unknown as Surroundings);
  loop.wake.note();
  await loop.ended;
  expect(pauses).toContain(7_000);
});
