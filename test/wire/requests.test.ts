/** What the wire specification leaves open: how a request may be written, and what is no part of the API. */
import { expect, it } from 'vitest';
import { record } from '../fixtures/given.ts';
import { exchange, statusOf } from '../security/raw.ts';
import { asService, findingReport, listen, podReport, tokenA, tokenC } from '../unit/backend/harness.ts';
import { compare, compareValues, invalid, ours, refusal, startWire, type Wire } from './wire.ts';

const text = expect.any(String);
const captured = { version: 1, encoding: 'gzip+base64', containers: {} };
const nothing = (type: string) => ({ headers: { 'content-type': type, 'content-length': '0' } });
const report = ({ service }: Wire, change: object = {}) => service.call('POST', '/api/pods/failed', podReport({ ...change }));

it('a slash at the end leads to the path without it', async () => {
  const { nobody, read, service } = await startWire();
  for (const path of ['/health', '/api/config', '/api/pods/failed']) {
    compare(await read.call('GET', `${path}/?a=b`), { status: 307, headers: { location: expect.stringContaining(`${path}?a=b`) } });
  }
  compare(await service.call('POST', '/api/pods/failed/', podReport()), { status: 307 });
  compare(await nobody.call('GET', '/api/admin/users/1/'), { status: 307 });
  compare(await nobody.call('GET', '/api/unknown/'), { status: 404 });
});

it('a body with nothing in it may be of any kind', async () => {
  const { service, write } = await startWire();
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json']) {
    compare(await write.call('POST', '/api/security/rescan', undefined, nothing(type)), { status: 200 });
    compare(await service.call('POST', '/api/pods/failed', undefined, nothing(type)), invalid);
  }
});

it('a body of another kind is refused, and so is broken JSON, after the login was looked at', async () => {
  const { backend, nobody, service } = await startWire();
  const send = (payload: string | Buffer, type: string, url = '/api/pods/failed') =>
    backend.app.inject({ method: 'POST', url, headers: { ...asService(tokenA), 'content-type': type }, payload });
  const json = JSON.stringify(podReport());
  compare(await send(json, 'application/vnd.api+json'), { status: 200 }, ours('malformed', refusal(415, text)));
  compare(await send(Buffer.from(json, 'utf16le'), 'application/json; charset=utf-16'), { status: 200 }, ours('malformed', refusal(400, text)));
  compare(await send('a=b', 'application/x-www-form-urlencoded', '/api/security/scan/clear'), { status: 200 }, ours('malformed', refusal(415, text)));
  compare(await nobody.call('POST', '/api/pods/failed', undefined, { headers: { 'content-type': 'application/json' } }), { status: 401 });
  const broken = { method: 'POST', url: '/api/pods/failed', headers: { 'content-type': 'application/json' }, payload: '{' } as const;
  compare(await backend.app.inject(broken), { status: 422 }, ours('malformed', { status: 401 }));
  expect((await service.call('GET', '/api/pods/failed')).json()).toEqual([]);
});

it('yes and no in a query have many names', async () => {
  const wire = await startWire();
  await report(wire);
  for (const yes of ['true', 'True', 'TRUE', '1', 'yes', 'on', 't', 'Y']) {
    compare(await wire.read.call('GET', `/api/pods/shop/web-1/logs?previous=${yes}`), { status: 200, body: { previous: true } });
    compare(await wire.write.call('POST', `/api/pods/failed/999/troubleshoot?regenerate=${yes}`), { status: 404 });
  }
  for (const no of ['false', 'False', '0', 'no', 'OFF', 'n']) {
    compare(await wire.read.call('GET', `/api/pods/shop/web-1/logs?previous=${no}`), { status: 200, body: { previous: false } });
  }
  for (const neither of ['', 'perhaps', '2', 'truely']) compare(await wire.read.call('GET', `/api/pods/shop/web-1/logs?previous=${neither}`), invalid);
});

it('numbers and truth are not taken from texts', async () => {
  const wire = await startWire();
  const order = { role: 'read', expires_in_hours: '24' };
  compare(await wire.admin.call('POST', '/api/admin/invitations', order), { status: 200 }, ours('strict-types', invalid));
  compare(await report(wire, { container_statuses: [{ name: 'web', ready: 'true', restart_count: '3', image: 'i', state: 'running' }] }), { status: 200 }, ours('strict-types', invalid));
  compare(await wire.write.call('PUT', '/api/admin/settings/mirror-ttl', { seconds: '60' }), { status: 200 }, ours('strict-types', invalid));
  for (const lines of ['010', '%2010', '10&tail_lines=20']) {
    compare(await wire.read.call('GET', `/api/pods/shop/web-1/logs?tail_lines=${lines}`), { status: 200 }, ours('strict-types', invalid));
  }
  compare(await wire.admin.call('DELETE', '/api/admin/users/1.0'), refusal(400, text), ours('strict-types', invalid));
  compare(await wire.write.call('PUT', '/api/admin/settings/history-retention', { minutes: 5.5 }), { status: 400 }, ours('schema-422', invalid));
});

it('what makes no sense is refused by the schema', async () => {
  const { admin, service, write } = await startWire();
  compare(await admin.call('DELETE', '/api/admin/users/-1'), refusal(404, text), ours('schema-422', invalid));
  compare(await write.call('DELETE', '/api/pods/failed/-1'), { status: 200 }, ours('schema-422', invalid));
  compare(await service.call('POST', '/api/security/findings', findingReport({ resource_type: '' })), { status: 200 }, ours('schema-422', invalid));
  compare(await service.call('POST', '/api/metrics/security-scan-duration', { duration_seconds: -1 }), { status: 200 }, ours('schema-422', invalid));
  compare(await service.call('POST', '/api/security/rescan-status', { status: 'started', reason: 5 }), { status: 200 }, ours('schema-422', { status: 422 }));
});

it('nothing is switched off by what was left out', async () => {
  const { write } = await startWire();
  const url = '/api/admin/settings/history-retention';
  await write.call('PUT', url, { minutes: 60 });
  compare(await write.call('PUT', url, {}), { status: 200, body: { minutes: 0 } }, ours('absent-minutes', invalid));
  compare(await write.call('GET', url), { status: 200, body: { minutes: 60 } });
});

it('texts have a length that can be stored and looked for', async () => {
  const wire = await startWire();
  const tooLong = ours('limits', invalid);
  compare(await report(wire, { namespace: 'n'.repeat(254) }), { status: 200 }, tooLong);
  compare(await report(wire, { pod_name: 'käse' }), { status: 200 }, tooLong);
  compare(await wire.service.call('POST', '/api/security/findings', findingReport({ title: 't'.repeat(451) })), { status: 200 }, tooLong);
  compare(await wire.nobody.logIn('x'.repeat(257)), { status: 401 }, tooLong);
  compare(await wire.nobody.logIn('reader', 'x'.repeat(1_025)), { status: 401 }, tooLong);
  compare(await report(wire, { manifest: 'x'.repeat(17 * 1024 * 1024) }), { status: 200 }, ours('limits', refusal(413, text)));
  compare(await wire.nobody.logIn('reader', 'x'.repeat(17 * 1024)), { status: 401 }, ours('limits', refusal(413, text)));
  compare(await report(wire, { phase: 'p'.repeat(51), failure_reason: 'r'.repeat(256) }), { status: 500 }, ours('limits', { status: 200 }));
  compare(await wire.write.call('POST', '/api/admin/excluded-pods', { pod_name: 'p'.repeat(256) }), { status: 500 }, ours('limits', { status: 200 }));
  compare(await wire.admin.call('DELETE', '/api/admin/users/99999999999'), { status: 500 }, ours('limits', refusal(404, text)));
});

it('characters that no database holds are replaced', async () => {
  const wire = await startWire();
  for (const character of ['\0', '\ud800']) {
    compare(await report(wire, { failure_message: `back${character}off` }), { status: 500 }, ours('odd-characters', { status: 200 }));
  }
});

it('what is left empty is nothing', async () => {
  const { admin, backend, write } = await startWire();
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const { token } = (await admin.call('POST', '/api/admin/invitations', { role: 'read' })).json<{ token: string }>();
  const account = { token, username: 'guest', password: 'a long password', email: '' };
  compare(await write.call('POST', '/api/auth/accept-invitation', account), { status: 200, body: { user: { email: '' } } }, ours('empty-texts', { status: 200, body: { user: { email: null } } }));
  const config = { provider: 'ollama', api_key: '', model: '' };
  compare(await admin.call('POST', '/api/admin/llm/config', config), { status: 200, body: { model: '' } }, ours('empty-texts', { status: 200, body: { model: null } }));
});

it('a provider is shown by one name', async () => {
  const { admin, backend } = await startWire();
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const save = (provider: string) => admin.call('POST', '/api/admin/llm/config', { provider, api_key: 'k' });
  for (const [name, shown] of [['claude', 'anthropic'], ['groq_cloud', 'groq'], ['google', 'gemini'], ['github_models', 'copilot']] as const) {
    compare(await save(name), { status: 200, body: { provider: name } }, ours('provider-names', { status: 200, body: { provider: shown } }));
  }
});

it('captured logs may leave out what goes without saying, and say that there are none', async () => {
  const wire = await startWire();
  for (const failure_logs of [{}, { containers: {} }]) {
    const here = ours('absent-fields', { status: 200, body: { failure_logs, logs_captured: false } });
    compare(await report(wire, { failure_logs }), { status: 200, body: { failure_logs: captured, logs_captured: false } }, here);
  }
  const none = { ...captured, containers: { web: { previous: null, current: null, error: 'no_previous_instance' } } };
  compare(await report(wire, { failure_logs: none }), { status: 200, body: { failure_logs: none, logs_captured: false } });
  compare(await wire.read.call('GET', '/api/pods/failed'), { status: 200, body: [{ logs_captured: false }] });
  const block = { data: 'H4sI' };
  const some = { ...captured, containers: { web: { previous: block } } };
  const whole = { previous: { ...block, original_size: 0, lines: 0, truncated: false }, current: null, error: null };
  compare(await report(wire, { failure_logs: some }), { status: 200, body: { failure_logs: { containers: { web: whole } } } }, ours('absent-fields', { status: 200, body: { failure_logs: some, logs_captured: true } }));
  compare(await report(wire), { status: 200, body: { logs_captured: false } });
  const list = await wire.read.call('GET', '/api/pods/failed');
  compare(list, { status: 200, body: [{ logs_captured: true }] }, ours('logs-of-report', { status: 200, body: [{ logs_captured: false }] }));
  compare(await report(wire, { failure_logs: { ...captured, containers: { web: 5 } } }), invalid, ours('captured-logs', { status: 200, body: { logs_captured: false } }));
});

it('times are given as they were sent', async () => {
  const wire = await startWire();
  await report(wire, { creation_timestamp: '2026-11-01T11:00:00+01:00' });
  const list = await wire.read.call('GET', '/api/pods/failed');
  compare(list, { status: 200, body: [{ creation_timestamp: '2026-11-01T10:00:00+00:00' }] }, ours('times-as-sent', { status: 200, body: [{ creation_timestamp: '2026-11-01T11:00:00+01:00' }] }));
});

it('a name with a slash has it escaped in a path', async () => {
  const { service, write } = await startWire();
  const resource = '/api/security/findings/resource/ClusterRole/cluster-wide/a%2Fb';
  compare(await service.call('DELETE', resource), { status: 404 }, ours('escaped-slash', { status: 200 }));
  const url = '/api/admin/excluded-rules';
  await write.call('POST', url, { rule_title: 'A/B', namespace: 'shop' });
  compare(await write.call('DELETE', `${url}/A/B?namespace=shop`), { status: 200 }, ours('escaped-slash', { status: 404 }));
  compare(await write.call('DELETE', `${url}/A%2FB?namespace=%20shop%20`), { status: 200 });
});

it('who sends a token is judged by it', async () => {
  const { read } = await startWire();
  compare(await read.call('GET', '/api/pods/failed', undefined, { headers: asService(tokenC) }), { status: 200 }, ours('token-first', { status: 401 }));
});

it('HEAD is GET without a body, and pages from elsewhere are not let in', async () => {
  const { backend, read } = await startWire();
  const ask = (method: 'HEAD' | 'OPTIONS', headers: Record<string, string> = {}) => backend.app.inject({ method, url: '/health', headers });
  compareValues({ status: (await ask('HEAD')).statusCode }, { status: 405 }, ours('head', { status: 200 }));
  compare(await ask('OPTIONS'), { status: 405, headers: { allow: 'GET' } }, ours('head', { status: 405, headers: { allow: 'HEAD, GET' } }));
  const origin = { origin: 'http://localhost:3000' };
  const preflight = await ask('OPTIONS', { ...origin, 'access-control-request-method': 'GET' });
  compare(preflight, { status: 200 }, ours('cors', { status: 405 }));
  const { headers } = await read.call('GET', '/api/config', undefined, { headers: origin });
  const { 'access-control-allow-origin': allowed = null } = headers;
  compareValues({ allowed }, { allowed: 'http://localhost:3000' }, ours('cors', { allowed: null }));
});

it('an offer to speak another protocol is not taken', async () => {
  const { backend } = await startWire();
  const port = Number((await listen(backend)).split(':')[1]);
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  const body = JSON.stringify({ namespace: 'shop', pod_name: 'web-1' });
  const about = `X-Service-Token: ${tokenA}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const answer = await exchange(port, `POST /api/pods/dismiss-deleted HTTP/1.1\r\nHost: localhost\r\n${offer}${about}`);
  compareValues({ status: statusOf(answer) }, { status: 200 });
});

it('the API is described in one place, and every other path is the dashboard', async () => {
  const { nobody } = await startWire();
  for (const path of ['/openapi.json', '/docs', '/redoc']) compare(await nobody.call('GET', path), { status: 200 }, ours('documents', { status: 404 }));
  compare(await nobody.call('GET', '/api/openapi.json'), { status: 200, body: { openapi: text } });
  for (const path of ['/', '/some/page']) {
    compare(await nobody.call('GET', path), { status: 404, body: { detail: 'Not Found' } }, ours('dashboard', { status: 404, body: expect.stringContaining('The dashboard is not built') }));
  }
});

it('the metrics are those of Kure Monitor, and none of its language', async () => {
  const { nobody } = await startWire();
  const { body } = await nobody.call('GET', '/metrics');
  const others = [...body.matchAll(/^# TYPE ((?:python|process)_\w+|\w+_created) /gm)].map(([, name]) => name);
  compareValues({ others }, { others: expect.arrayContaining(['process_start_time_seconds']) }, ours('metrics', { others: [] }));
});
