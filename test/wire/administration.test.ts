/** Section 2.5 of the wire specification: settings, and what is open to everybody. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { deriveKey, encrypt } from '../../backend/domain/fernet.ts';
import { record, value } from '../fixtures/given.ts';
import { podReport } from '../unit/backend/harness.ts';
import { compare, compareValues, invalid, ours, refusal, startWire } from './wire.ts';

const text = expect.any(String);
const done = { status: 200, body: { message: text } };
const webhook = 'https://hooks.slack.com/services/T0/B0/secret';

async function listening(listener: RequestListener): Promise<AddressInfo> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return server.address() as AddressInfo;
}

it('health and metrics are open', async () => {
  const { nobody } = await startWire();
  compare(await nobody.call('GET', '/health'), { status: 200, body: { status: 'healthy' } });
  const metrics = await nobody.call('GET', '/metrics');
  compare(metrics, { status: 200, headers: { 'content-type': expect.stringContaining('text/plain') } });
  const names = ['kure_pod_failures_total', 'kure_security_findings_total', 'kure_security_scan_duration_seconds', 'kure_websocket_connections_active'];
  for (const name of names) expect(metrics.body).toContain(`# TYPE ${name} `);
  expect(metrics.body).toMatch(/^kure_database_queries_total [1-9]/m);
});

it.each(['history', 'ignored'])('the retention of %s records is kept in minutes', async (records) => {
  const { read, write } = await startWire();
  const url = `/api/admin/settings/${records}-retention`;
  compare(await read.call('GET', url), { status: 200, body: { minutes: 0 } });
  compare(await write.call('PUT', url, { minutes: 43_200 }), { status: 200, body: { minutes: 43_200 } });
  compare(await read.call('GET', url), { status: 200, body: { minutes: 43_200 } });
  for (const minutes of [-1, 43_201, 'many']) compare(await write.call('PUT', url, { minutes }), { status: 400 }, ours('schema-422', invalid));
  compare(await write.call('PUT', url, { minutes: true }), { status: 200 }, ours('boolean-minutes', invalid));
  compare(await read.call('PUT', url, { minutes: 1 }), refusal(403, 'Write access required'));
});

it('a language model is configured, shown without its key, and removed', async () => {
  const { admin, read } = await startWire();
  const none = { configured: false, provider: null, model: null, source: null };
  compare(await admin.call('GET', '/api/admin/llm/status'), { status: 200, body: none });
  compare(await read.call('GET', '/api/config'), { status: 200, body: { ai_enabled: false, ai_provider: null } });
  compare(await admin.call('POST', '/api/admin/llm/config', { provider: 'unknown', api_key: '' }), refusal(400, text));
  compare(await admin.call('POST', '/api/admin/llm/config', { provider: 'openai' }), invalid);
  const saved = await admin.call('POST', '/api/admin/llm/config', { provider: 'ollama', api_key: '', model: 'llama3.2' });
  compare(saved, { status: 200, body: { id: expect.any(Number), provider: 'ollama', model: 'llama3.2', configured: true, created_at: text, updated_at: text } });
  compare(await admin.call('GET', '/api/admin/llm/status'), { status: 200, body: { configured: true, provider: 'ollama', model: 'llama3.2', source: 'database' } });
  compare(await read.call('GET', '/api/config'), { status: 200, body: { ai_enabled: true, ai_provider: 'ollama' } });
  compare(await admin.call('DELETE', '/api/admin/llm/config'), done);
  compare(await admin.call('GET', '/api/admin/llm/status'), { status: 200, body: none });
});

it('a key that nobody can decrypt is a state', async () => {
  const { admin, backend } = await startWire();
  const sealedKey = encrypt(deriveKey(value('lost')), 'sk-0123456789', 0);
  await backend.stores.llmConfig.save({ provider: 'openai', sealedKey, model: null, baseUrl: null }, '2026-11-01T10:00:00.000Z');
  compare(await admin.call('GET', '/api/admin/llm/status'), { status: 500 }, ours('needs-reentry', { status: 200, body: { configured: true, state: 'needs-reentry' } }));
});

it('a test message is sent, or it says why not', async () => {
  const { port } = await listening((_request, response) => response.writeHead(nextStatus()).end());
  const statuses = [200, 404];
  const nextStatus = () => statuses.shift() ?? 500;
  const { admin, backend } = await startWire({ outboundAllow: ['127.0.0.1'] });
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const url = '/api/admin/notifications';
  await admin.call('POST', url, { provider: 'slack', enabled: true, config: { webhook_url: `http://127.0.0.1:${port}/` } });
  compare(await admin.call('POST', `${url}/slack/test`), done);
  compare(await admin.call('POST', `${url}/slack/test`), { status: 500 }, ours('notification-test', refusal(502, text)));
});

it('a failure and its end are announced once', async () => {
  let heard = 0;
  const { port } = await listening((_request, response) => (heard++, response.writeHead(200).end()));
  const { admin, backend, service } = await startWire({ outboundAllow: ['127.0.0.1'] });
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  await admin.call('POST', '/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url: `http://127.0.0.1:${port}/` } });
  for (let times = 0; times < 2; times++) await service.call('POST', '/api/pods/failed', podReport());
  await vi.waitFor(() => expect(heard).toBe(1));
  await admin.call('DELETE', '/api/pods/failed/1');
  for (const pod_name of ['unknown', 'web-1']) await service.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name });
  await vi.waitFor(() => expect(heard).toBeGreaterThan(1));
  compareValues({ heard }, { heard: 5 }, ours('announced-once', { heard: 2 }));
});

it('of a channel the address is kept, if messages may go there', async () => {
  const { admin, backend } = await startWire();
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const save = (config: object, provider = 'slack') => admin.call('POST', '/api/admin/notifications', { provider, enabled: true, config });
  for (const webhook_url of ['not an address', 'http://10.0.0.1/x']) compare(await save({ webhook_url }), { status: 200 }, ours('webhook-config', refusal(400, text)));
  const saved = await save({ webhook_url: webhook, channel: '#alerts' });
  compare(saved, { status: 200, body: { config: { channel: '#alerts' } } }, ours('webhook-config', { status: 200 }));
  compare(await save({ webhook_url: webhook }, 'Slack'), { status: 200, body: { provider: 'Slack' } }, ours('provider-names', { status: 200, body: { provider: 'slack' } }));
});

it('notifications are set, changed and removed', async () => {
  const { admin, backend } = await startWire();
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const url = '/api/admin/notifications';
  const setting = { provider: 'slack', enabled: true, config: { webhook_url: webhook } };
  const item = { id: expect.any(Number), provider: 'slack', enabled: true, created_at: text, updated_at: text };
  const hidden = ours('webhook-url', { status: 200, body: { ...item, config: { webhook_url: 'https://hooks.slack.com/...' } } });
  compare(await admin.call('POST', url, setting), { status: 200, body: { ...item, ...setting } }, hidden);
  compare(await admin.call('GET', url), { status: 200, body: [item] });
  compare(await admin.call('PUT', `${url}/slack`, { ...setting, enabled: false }), { status: 200, body: { ...item, enabled: false } });
  compare(await admin.call('POST', url, setting), { status: 200, body: { enabled: true } });
  const { enabled: _, ...unsaid } = setting;
  compare(await admin.call('PUT', `${url}/slack`, unsaid), { status: 200, body: { enabled: false } });
  compare(await admin.call('POST', url, unsaid), { status: 200, body: { enabled: false } });
  const { provider: __, ...unnamed } = setting;
  compare(await admin.call('PUT', `${url}/slack`, unnamed), invalid, ours('provider-in-path', { status: 200 }));
  compare(await admin.call('PUT', `${url}/teams`, setting), refusal(404, text));
  compare(await admin.call('POST', url, { ...setting, provider: 'pager' }), { status: 200 }, ours('unknown-provider', refusal(400, text)));
  compare(await admin.call('POST', url, { provider: 'slack' }), invalid);
  compare(await admin.call('POST', `${url}/teams/test`), refusal(404, text));
  compare(await admin.call('DELETE', `${url}/slack`), done);
  compare(await admin.call('DELETE', `${url}/slack`), refusal(404, text));
});
