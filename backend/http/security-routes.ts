/** What the security scanner reports. */
import {
  DeletedFindings,
  Done,
  Finding,
  FindingReport,
  RescanStatus,
  ResourceName,
  ScanDuration,
} from '../../shared/contract/security.ts';
import { Type } from 'typebox';
import type { Metrics } from '../metrics.ts';
import type { FindingStore } from '../store/store.ts';
import type { Scope } from './scope.ts';

export interface SecurityRoutesDeps {
  readonly findings: FindingStore;
  readonly metrics: Metrics;
}

export function securityRoutes(scope: Scope, { findings, metrics }: SecurityRoutesDeps): void {
  scope.get('/api/security/findings', { schema: { response: { 200: Type.Array(Finding) } } }, () =>
    findings.active(),
  );

  const report = { schema: { body: FindingReport, response: { 200: Finding } } };
  scope.post('/api/security/findings', report, async ({ body }) => {
    const finding = await findings.save(body);
    metrics.findings.inc({ severity: body.severity });
    return finding;
  });

  scope.post('/api/security/scan/clear', { schema: { response: { 200: Done } } }, async () => {
    await findings.clear();
    return { message: 'Security findings cleared' };
  });

  const ofResource = { schema: { params: ResourceName, response: { 200: DeletedFindings } } };
  scope.delete('/api/security/findings/resource/:type/:namespace/:name', ofResource, async ({ params }) => {
    const count = await findings.deleteOf(params);
    return { message: `Deleted ${count} findings`, count };
  });

  const rescanStatus = { schema: { body: RescanStatus, response: { 200: Done } } };
  scope.post('/api/security/rescan-status', rescanStatus, async () => ({ message: 'Rescan status received' }));

  const scanDuration = { schema: { body: ScanDuration, response: { 200: Done } } };
  scope.post('/api/metrics/security-scan-duration', scanDuration, async ({ body }) => {
    metrics.scanSeconds.set(body.duration_seconds);
    return { message: 'Scan duration recorded' };
  });
}
