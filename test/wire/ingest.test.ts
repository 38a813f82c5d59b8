/** Sections 1 and 2.4 of the wire specification: what agent and scanner send, and what comes of it. */
import { randomBytes, randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { findingReport, podReport } from '../unit/backend/harness.ts';
import { compare, compareValues, invalid, ours, refusal, startWire } from './wire.ts';

const done = (message: unknown) => ({ status: 200, body: { message } });
const failure = {
  pod_name: 'web-1', namespace: 'shop', node_name: null, phase: 'Running', creation_timestamp: '2026-11-01T10:00:00+00:00',
  failure_reason: 'CrashLoopBackOff', failure_message: 'back-off 5m0s', events: [], logs: 'last words', manifest: 'kind: Pod', failure_logs: null,
  id: expect.any(Number), solution: expect.any(String), timestamp: '2026-11-01T10:00:00+00:00', dismissed: false, status: 'new', resolved_at: null,
  resolution_note: null, logs_captured: false, log_aware_solution: null, log_aware_solution_generated_at: null, auto_solution_mode: 'quick',
};
const { timestamp, ...facts } = findingReport();
const captured = { version: 1, encoding: 'gzip+base64', containers: { web: { previous: { data: 'H4sI', original_size: 1, lines: 1, truncated: false }, current: null, error: null } } };

it('a failed pod is stored, answered and broadcast, and reported again it is the same one', async () => {
  const { service, told } = await startWire();
  const report = (change: object = {}) => service.call('POST', '/api/pods/failed', podReport({ ...change }));
  const first = await report();
  compare(first, { status: 200, body: { ...failure, container_statuses: [{ name: 'web', ready: false, restart_count: 7, image: 'web:1', state: 'waiting', reason: null }] } });
  compareValues(told(), [{ type: 'pod_failure', data: failure }]);
  const { id } = first.json<{ id: number }>();
  compare(await report({ logs: 'newer words' }), { status: 200, body: { id, logs: 'newer words' } });
  compareValues(told(), [{ type: 'pod_failure', data: { id } }]);
  compare(await report({ failure_logs: captured }), { status: 200, body: { id, failure_logs: captured, logs_captured: true } });
  compare(await report({ failure_logs: captured, failure_reason: 'Pending' }), { status: 200, body: { logs_captured: false } }, ours('captured-logs', { status: 200, body: { logs_captured: true } }));
  compare(await report(), { status: 200, body: { container_statuses: [{ message: null, exit_code: null }] } }, ours('absent-fields', { status: 200, body: { container_statuses: [{ name: 'web' }] } }));
});

it('a report that lacks something is refused, and a lenient one is taken', async () => {
  const { service } = await startWire();
  const report = (change: object) => service.call('POST', '/api/pods/failed', podReport({ ...change }));
  for (const field of ['pod_name', 'namespace', 'phase', 'creation_timestamp', 'failure_reason']) compare(await report({ [field]: undefined }), invalid);
  compare(await report({ pod_name: '' }), refusal(400, 'Pod name and namespace are required'), ours('schema-422', invalid));
  compare(await report({ container_statuses: [{ name: 'web', ready: true, restart_count: 0, image: 'web:1' }] }), invalid, ours('null-event-fields', { status: 200 }));
  compare(await report({ events: [{ type: null, reason: null, message: null, timestamp: null }] }), invalid, ours('null-event-fields', { status: 200 }));
  const least = { pod_name: 'b', namespace: 'b', phase: 'Pending', creation_timestamp: 'now', failure_reason: 'Pending' };
  compare(await service.call('POST', '/api/pods/failed', least), { status: 200, body: { node_name: null, container_statuses: [], events: [], logs: '', manifest: '' } });
  compare(await report({ manifest: 'x'.repeat(12 * 1024 * 1024) }), { status: 200 });
});

it('a pod that recovered or is gone is resolved', async () => {
  const { service, told } = await startWire();
  await service.call('POST', '/api/pods/failed', podReport());
  told();
  const dismiss = (body: object) => service.call('POST', '/api/pods/dismiss-deleted', body);
  const names = { namespace: 'shop', pod_name: 'web-1' };
  compare(await dismiss(names), done('Pod auto-resolved'));
  compareValues(told(), [{ type: 'pod_status_change', data: { ...names, status: 'resolved', resolved_at: expect.any(String), resolution_note: expect.any(String) } }]);
  compare(await dismiss(names), done('Pod auto-resolved'));
  compareValues(told(), [{ type: 'pod_deleted', data: names }]);
  compare(await dismiss({ namespace: 'shop' }), { status: 500, body: { message: '400: namespace and pod_name required' } }, ours('schema-422', invalid));
});

it('what somebody ignores stays ignored through reports', async () => {
  const { admin, service } = await startWire();
  const report = async () => (await service.call('POST', '/api/pods/failed', podReport())).json<{ id: number; status: string }>();
  const { id } = await report();
  await admin.call('DELETE', `/api/pods/failed/${id}`);
  compareValues(await report(), { status: 'new' }, ours('ignored-stays', { id, status: 'ignored' }));
});

it('a finding is stored, answered and broadcast', async () => {
  const { service, told } = await startWire();
  const find = (change: object = {}) => service.call('POST', '/api/security/findings', findingReport({ ...change }));
  compare(await find(), { status: 200, body: { ...facts, timestamp, id: expect.any(Number), dismissed: false } });
  compareValues(told(), [{ type: 'security_finding', data: facts }]);
  compare(await find({ severity: 'low' }), { status: 200, body: { id: 1, severity: 'low' } });
  compareValues({ told: told() }, { told: [] }, ours('finding-updates', { told: [{ type: 'security_finding', data: { id: 1, severity: 'low' } }] }));
  compare(await find({ manifest: undefined, resource_type: 'ConfigMap' }), { status: 200, body: { id: 1, manifest: '' } }, ours('same-name', { status: 200, body: { id: expect.any(Number), manifest: '' } }));
  compare(await find({ resource_name: '' }), { status: 400 }, ours('schema-422', invalid));
  for (const field of Object.keys(facts).filter((name) => name !== 'manifest')) compare(await find({ [field]: undefined }), invalid);
});

it('findings go with a new scan and with their resource; dismissed ones are kept', async () => {
  const { admin, service, told } = await startWire();
  const find = (title: string) => service.call('POST', '/api/security/findings', findingReport({ title, resource_name: 'kubeadm:get-nodes' }));
  const all = async () => (await admin.call('GET', '/api/security/findings')).json<unknown[]>().length;
  await find('one');
  compare(await service.call('POST', '/api/security/scan/clear', undefined, { headers: { 'content-type': 'application/json', 'content-length': '0' } }), done('Security findings cleared'));
  expect(await all()).toBe(0);
  await find('two');
  const { id } = (await find('three')).json<{ id: number }>();
  await admin.call('DELETE', `/api/security/findings/${id}`);
  told();
  compare(await service.call('DELETE', '/api/security/findings/resource/Pod/shop/kubeadm:get-nodes'), { status: 200, body: { message: expect.any(String), count: 2 } }, ours('dismissed-stays', { status: 200, body: { count: 1 } }));
  compareValues(told(), [{ type: 'security_finding_deleted', data: { resource_name: 'kubeadm:get-nodes', namespace: 'shop', title: 'two' } }]);
  compareValues((await find('three')).json(), { dismissed: false }, ours('dismissed-stays', { id, dismissed: true }));
});

it('the scanner says how its rescan goes and how long a scan took', async () => {
  const { nobody, service, told } = await startWire();
  const say = (body: object) => service.call('POST', '/api/security/rescan-status', body);
  compare(await say({ status: 'started', reason: 'manual_rescan' }), done(expect.any(String)));
  compare(await say({ status: 'completed', reason: null }), done(expect.any(String)));
  compareValues(told(), [
    { type: 'security_rescan_status', data: { status: 'started', reason: 'manual_rescan' } },
    { type: 'security_rescan_status', data: { status: 'completed', reason: null } },
  ]);
  compare(await say({ status: 'paused' }), { status: 400 }, ours('schema-422', invalid));
  compare(await service.call('POST', '/api/metrics/security-scan-duration', { duration_seconds: 1.5 }), done('Scan duration recorded'));
  compare(await service.call('POST', '/api/metrics/security-scan-duration', {}), { status: 400 }, ours('schema-422', invalid));
  expect((await nobody.call('GET', '/metrics')).body).toContain('kure_security_scan_duration_seconds 1.5');
});

it('what is excluded is answered 200, not stored and not broadcast, and taken again once it is included', async () => {
  const { read, service, told, write } = await startWire();
  const pod = { url: '/api/pods/failed', report: podReport() };
  const finding = { url: '/api/security/findings', report: findingReport({ title: 'Runs as root: web: x' }) };
  const cases = [
    { ...pod, list: 'excluded-pods', body: { pod_name: 'web-1' }, off: 'web-1', upstream: { status: 'new' }, here: { status: 'resolved', pod_name: 'web-1' } },
    { ...finding, list: 'excluded-namespaces', body: { namespace: 'shop' }, off: 'shop', upstream: { dismissed: false }, here: { dismissed: true, title: 'Runs as root: web: x' } },
    { ...finding, list: 'excluded-rules', body: { rule_title: 'Runs as root' }, off: 'Runs%20as%20root', upstream: { dismissed: false }, here: { dismissed: true } },
    { ...finding, list: 'excluded-rules', body: { rule_title: 'Runs as root', namespace: 'shop' }, off: 'Runs%20as%20root?namespace=shop', upstream: { dismissed: false }, here: { dismissed: true } },
  ];
  for (const { url, report, list, body, off, upstream, here } of cases) {
    compare(await service.call('POST', url, report), { status: 200, body: upstream });
    compare(await write.call('POST', `/api/admin/${list}`, body), { status: 200 });
    told();
    compare(await service.call('POST', url, report), { status: 200, body: upstream }, ours('ingest-exclusions', { status: 200, body: here }));
    expect(told()).toEqual([]);
    expect((await read.call('GET', url)).json()).toEqual([]);
    compare(await write.call('DELETE', `/api/admin/${list}/${off}`), { status: 200 });
    compare(await service.call('POST', url, report), { status: 200, body: upstream });
  }
});

it('what is excluded elsewhere is taken: another pod, another rule, another namespace', async () => {
  const { service, write } = await startWire();
  await write.call('POST', '/api/admin/excluded-pods', { pod_name: 'web' });
  await write.call('POST', '/api/admin/excluded-namespaces', { namespace: 'till' });
  await write.call('POST', '/api/admin/excluded-rules', { rule_title: 'Runs as', namespace: null });
  await write.call('POST', '/api/admin/excluded-rules', { rule_title: 'Runs as root', namespace: 'till' });
  compare(await service.call('POST', '/api/pods/failed', podReport()), { status: 200, body: { status: 'new' } });
  compare(await service.call('POST', '/api/security/findings', findingReport()), { status: 200, body: { dismissed: false } });
});

it('the longest names are stored, and longer ones refused', async () => {
  const { service } = await startWire();
  const name = randomBytes(200).toString('base64').slice(0, 253);
  const longest = { resource_type: name, resource_name: name, namespace: name };
  const title = Array.from({ length: 450 }, () => String.fromCodePoint(randomInt(0x1f300, 0x1faff))).join('');
  compare(await service.call('POST', '/api/security/findings', findingReport({ ...longest, title })), { status: 200 });
  compare(await service.call('POST', '/api/pods/failed', podReport({ pod_name: name, namespace: name })), { status: 200 });
  for (const change of [{ title: 'x'.repeat(501) }, { resource_name: `${name}xyz` }]) {
    compare(await service.call('POST', '/api/security/findings', findingReport(change)), { status: 500 }, ours('schema-422', invalid));
  }
  compare(await service.call('POST', '/api/pods/failed', podReport({ pod_name: `${name}xyz` })), { status: 500 }, ours('schema-422', invalid));
});
