/** The scanner between a real backend and a stand-in for the API server. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { buildFindingReport } from '../../../scanner/finding.ts';
import { findingsOf } from '../../../scanner/rules.ts';
import { readConfig } from '../../../scanner/config.ts';
import { Scanner } from '../../../scanner/scanner.ts';
import { systemClock } from '../../../shared/clock.ts';
import { createLogger } from '../../../shared/log.ts';
import { soon } from '../../fixtures/soon.ts';
import { givenPod } from '../agent/given-pod.ts';
import { StandInApiServer } from '../agent/stand-in-api-server.ts';
import { listen, startBackend, tokenA } from '../backend/harness.ts';
import { StandInBackend } from '../delivery/stand-in-backend.ts';

it('puts right a finding that an earlier scanner has judged otherwise', async () => {
  const { metadata } = givenPod();
  const pod = { metadata, spec: { containers: [{ name: 'app', image: 'registry.invalid/web:1' }] } };
  const backend = await startBackend();
  const { findings } = backend.stores;
  const suppressions = { excludedNamespaces: new Set<string>(), excludedRules: [], trustedRegistries: new Set<string>() };
  const reports = findingsOf(pod, suppressions, undefined).map((finding) => buildFindingReport(pod, finding, 0));
  for (const report of reports) await findings.save({ ...report, severity: 'medium' });
  const severities = async () => (await findings.list(false)).map(({ title, severity }) => `${title}: ${severity}`).toSorted();
  const api = await StandInApiServer.start([pod]);
  const config = readConfig({ BACKEND_URL: `http://${await listen(backend)}`, SERVICE_TOKEN: tokenA });
  const scanner = new Scanner({ config, client: api.client, clock: systemClock, log: createLogger('scanner', 'silent') });
  onTestFinished(async () => void (await scanner.stop(0)));
  const right = reports.map(({ title, severity }) => `${title}: ${severity}`).toSorted();
  expect(await severities()).not.toEqual(right);
  scanner.start();
  await expect.poll(severities, { timeout: 10_000 }).toEqual(right);
});

it('keeps no pod in memory to tell that it is gone', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let isAway = false;
  const backend = await StandInBackend.start(({ method }) => ({ status: method === 'DELETE' && isAway ? 503 : 200, body: [] }));
  onTestFinished(() => backend.stop());
  const pod = givenPod();
  const api = await StandInApiServer.start([pod]);
  const config = readConfig({ BACKEND_URL: backend.url, SERVICE_TOKEN: tokenA });
  const scanner = new Scanner({ config, client: api.client, clock: systemClock, log: createLogger('scanner', 'silent') });
  onTestFinished(async () => void (await scanner.stop(0)));
  scanner.start();
  await expect.poll(() => backend.bodies('/api/security/findings').filter(Boolean), soon).not.toEqual([]);
  await scanner.link.delivery.idle();
  const [kept] = scanner.pods.objects().map((found) => new WeakRef(found));
  isAway = true;
  await api.tell('DELETED', pod);
  await expect.poll(() => scanner.link.delivery.stats.retried, soon).toBeGreaterThan(0);
  await expect.poll(() => (collect(), kept?.deref()), soon).toBeUndefined();
  expect(scanner.link.delivery.size).toBe(1);
});
