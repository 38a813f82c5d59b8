/** The scanner between a real backend and a stand-in for the API server. */
import { expect, it, onTestFinished } from 'vitest';
import { buildFindingReport } from '../../../scanner/finding.ts';
import { findingsOf } from '../../../scanner/rules.ts';
import { readConfig } from '../../../scanner/config.ts';
import { Scanner } from '../../../scanner/scanner.ts';
import { systemClock } from '../../../shared/clock.ts';
import { createLogger } from '../../../shared/log.ts';
import { givenPod } from '../agent/given-pod.ts';
import { StandInApiServer } from '../agent/stand-in-api-server.ts';
import { listen, startBackend, tokenA } from '../backend/harness.ts';

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
