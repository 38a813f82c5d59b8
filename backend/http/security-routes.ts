/** Security findings: what the scanner reports, and what people make of it. */
import { Type } from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import {
  DeletedFindings,
  Done,
  Finding,
  FindingManifest,
  FindingReport,
  RescanStatus,
  ResourceName,
  ScanDuration,
} from '../../shared/contract/security.ts';
import type { Exclusions } from '../domain/exclusions.ts';
import type { LiveFeed } from '../domain/live-feed.ts';
import { instant } from '../domain/instant.ts';
import type { Metrics } from '../metrics.ts';
import type { FindingStore } from '../store/store.ts';
import { HttpProblem } from './problems.ts';
import { RowId } from './row-id.ts';
import type { Scope } from './scope.ts';

export interface SecurityRoutesDeps {
  readonly findings: FindingStore;
  readonly exclusions: Exclusions;
  readonly feed: LiveFeed;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const list = { schema: { response: { 200: Type.Array(Finding) } } };
const one = { schema: { params: RowId, response: { 200: Done } } };

export function securityRoutes(scope: Scope, deps: SecurityRoutesDeps): void {
  reports(scope, deps);
  decisions(scope, deps);
}

function reports(scope: Scope, { findings, exclusions, feed, metrics, clock }: SecurityRoutesDeps): void {
  const report = { schema: { body: FindingReport, response: { 200: Finding } } };
  scope.post('/api/security/findings', report, async ({ body }) => {
    // 200, although nothing is stored: scanners take everything else for a failure.
    if (await exclusions.coversFinding(body)) return { manifest: '', ...body, id: 0, dismissed: true };
    const finding = await findings.save(body);
    metrics.findings.inc({ severity: body.severity });
    if (!finding.dismissed) feed.tell('security_finding', finding);
    return finding;
  });

  scope.post('/api/security/scan/clear', { schema: { response: { 200: Done } } }, async () => {
    await findings.clear(instant(clock.now()));
    return { message: 'Security findings cleared' };
  });

  const ofResource = { schema: { params: ResourceName, response: { 200: DeletedFindings } } };
  scope.delete('/api/security/findings/resource/:type/:namespace/:name', ofResource, async ({ params }) => {
    const deleted = await findings.deleteOf(params, instant(clock.now()));
    for (const finding of deleted) feed.tell('security_finding_deleted', finding);
    return { message: `Deleted ${deleted.length} findings`, count: deleted.length };
  });

  const rescanStatus = { schema: { body: RescanStatus, response: { 200: Done } } };
  scope.post('/api/security/rescan-status', rescanStatus, async ({ body: { status, reason = null } }) => {
    feed.tell('security_rescan_status', { status, reason });
    return { message: 'Rescan status received' };
  });

  const scanDuration = { schema: { body: ScanDuration, response: { 200: Done } } };
  scope.post('/api/metrics/security-scan-duration', scanDuration, async ({ body }) => {
    metrics.scanSeconds.set(body.duration_seconds);
    return { message: 'Scan duration recorded' };
  });
}

function decisions(scope: Scope, { findings, feed }: SecurityRoutesDeps): void {
  // Scanners are told of dismissed ones, too: what they do not know of they could not take back.
  scope.get('/api/security/findings', list, ({ session }) => (session ? findings.list(false) : findings.seen()));
  scope.get('/api/security/findings/dismissed', list, () => findings.list(true));

  // Upstream answers 200 for ids that it does not know, too: somebody else was faster.
  scope.delete('/api/security/findings/:id', one, async ({ params }) => {
    await findings.dismiss(Number(params.id), true);
    return { message: 'Security finding dismissed' };
  });
  scope.put('/api/security/findings/:id/restore', one, async ({ params }) => {
    await findings.dismiss(Number(params.id), false);
    return { message: 'Security finding restored' };
  });

  const manifest = { schema: { params: RowId, response: { 200: FindingManifest } } };
  scope.get('/api/security/findings/:id/manifest', manifest, async ({ params }) => {
    const finding = await findings.find(Number(params.id));
    if (!finding) throw new HttpProblem(404, 'Security finding not found');
    return finding;
  });

  scope.post('/api/security/rescan', { schema: { response: { 200: Done } } }, async () => {
    feed.tell('security_rescan_request', {});
    return { message: 'Rescan requested' };
  });
}
