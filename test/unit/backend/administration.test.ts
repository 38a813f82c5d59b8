import { describe, expect, it } from 'vitest';
import { encrypt, deriveKey } from '../../../backend/domain/fernet.ts';
import { record, value } from '../../fixtures/given.ts';
import { soon } from '../../fixtures/soon.ts';
import { asService, findingReport, podReport, startBackend, tokenA } from './harness.ts';
import { MovableClock, signUp } from './people.ts';

const apiKey = 'sk-proj-0123456789abcdef';
const webhook = 'https://hooks.slack.example/services/T0/B0/very-secret';

async function start() {
  const clock = new MovableClock();
  const backend = await startBackend({ clock });
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  return { backend, clock, admin: await signUp(backend) };
}

describe('the language model', () => {
  it('is saved with its key encrypted, which is in no answer', async () => {
    const { backend, admin } = await start();
    const order = { provider: 'Claude', api_key: ` ${apiKey}\n`, model: 'small', base_url: 'https://llm.example/v1' };
    const answers = [
      await admin.call('POST', '/api/admin/llm/config', order),
      await admin.call('GET', '/api/admin/llm/status'),
      await admin.call('GET', '/api/config'),
    ];
    expect(answers.map((answer) => answer.json<object>())).toMatchObject([
      { id: 1, provider: 'anthropic', model: 'small', configured: true },
      { configured: true, provider: 'anthropic', model: 'small', base_url: 'https://llm.example/v1', source: 'database', state: 'ready' },
      { ai_enabled: true, ai_provider: 'anthropic' },
    ]);
    const row = await backend.stores.llmConfig.read();
    for (const text of [...answers.map(({ body }) => body), JSON.stringify(row)]) expect(text).not.toContain(apiKey);
    expect(backend.encryptionKeys.open(row!.sealedKey!)?.text).toBe(apiKey);
    expect(await admin.status('DELETE', '/api/admin/llm/config')).toBe(200);
    expect((await admin.call('GET', '/api/admin/llm/status')).json()).toMatchObject({ configured: false, source: null, state: 'not-configured' });
  });

  it('whose key nobody can decrypt must be entered again, and nothing is lost until then', async () => {
    const { backend, admin } = await start();
    const sealedKey = encrypt(deriveKey(value('lost')), apiKey, 0);
    await backend.stores.llmConfig.save({ provider: 'openai', sealedKey, model: null, baseUrl: null }, '2026-11-01T10:00:00.000Z');
    expect((await admin.call('GET', '/api/admin/llm/status')).json()).toMatchObject({ configured: true, state: 'needs-reentry' });
    expect((await admin.call('GET', '/api/config')).json()).toEqual({ ai_enabled: false, ai_provider: 'openai' });
    backend.encryptionKeys.sawKeyring(record(['lost', 'key']), '2');
    expect((await admin.call('GET', '/api/admin/llm/status')).json()).toMatchObject({ state: 'ready' });
  });

  it.each([
    ['an unknown provider', { provider: 'oracle', api_key: apiKey }],
    ['a base URL that is no URL', { provider: 'ollama', api_key: '', base_url: 'ollama:11434' }],
    ['a base URL with credentials', { provider: 'ollama', api_key: '', base_url: 'http://me:secret@ollama' }],
  ])('with %s is refused, and what was saved stays', async (_, order) => {
    const { admin } = await start();
    await admin.call('POST', '/api/admin/llm/config', { provider: 'openai', api_key: apiKey });
    const answer = await admin.call('POST', '/api/admin/llm/config', order);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toContain('secret');
    expect((await admin.call('GET', '/api/admin/llm/status')).json()).toMatchObject({ provider: 'openai', state: 'ready' });
  });

  it('is not saved where there is no encryption key, and the answer says what to do', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const answer = await admin.call('POST', '/api/admin/llm/config', { provider: 'openai', api_key: apiKey });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ message: expect.stringContaining('ENCRYPTION_KEY') });
    expect(await backend.stores.llmConfig.read()).toBeUndefined();
  });
});

describe('notifications', () => {
  it('keep the webhook encrypted and show its host alone', async () => {
    const { backend, admin } = await start();
    const url = '/api/admin/notifications';
    const made = await admin.call('POST', url, { provider: 'slack', enabled: true, config: { webhook_url: webhook } });
    const shown = { id: 1, provider: 'slack', enabled: true, config: { webhook_url: 'https://hooks.slack.example/...' }, state: 'ready' };
    expect(made.json()).toMatchObject(shown);
    const off = await admin.call('PUT', `${url}/slack`, { enabled: false, config: { webhook_url: 'https://hooks.slack.example/...' } });
    expect(off.json()).toMatchObject({ ...shown, enabled: false });
    expect((await admin.call('PUT', `${url}/slack`, { enabled: true, config: {} })).json()).toMatchObject(shown);
    expect((await admin.call('GET', url)).json()).toMatchObject([shown]);
    const stored = await backend.stores.notificationSettings.find('slack');
    expect(backend.encryptionKeys.open(stored!.sealedUrl)?.text).toBe(webhook);
    expect(await admin.status('DELETE', `${url}/slack`)).toBe(200);
    expect(await admin.status('DELETE', `${url}/slack`)).toBe(404);
    expect(await admin.status('PUT', `${url}/slack`, { enabled: true, config: {} })).toBe(404);
  });

  it('are moved to a new encryption key with everything else', async () => {
    const { backend, admin } = await start();
    await admin.call('POST', '/api/admin/notifications', { provider: 'teams', enabled: true, config: { webhook_url: webhook } });
    await admin.call('POST', '/api/admin/llm/config', { provider: 'openai', api_key: apiKey });
    expect(await backend.reencryption.describe()).toEqual({ accepted: ['key'], stored: { key: 2 } });
    backend.encryptionKeys.sawKeyring(record(['key', 'next']), '2');
    await expect.poll(() => backend.reencryption.describe(), soon).toEqual({ accepted: ['key', 'next'], stored: { next: 2 } });
  });

  it.each([
    ['an unknown provider', { provider: 'pigeon', webhook_url: webhook }],
    ['no address', { provider: 'slack', webhook_url: undefined }],
    ['plain http', { provider: 'slack', webhook_url: 'http://hooks.slack.example/x' }],
    ['credentials in the address', { provider: 'slack', webhook_url: 'https://me:secret@hooks.slack.example/x' }],
  ])('with %s are refused', async (_, { provider, webhook_url }) => {
    const { admin } = await start();
    expect(await admin.status('POST', '/api/admin/notifications', { provider, enabled: true, config: { webhook_url } })).toBe(400);
  });
});

describe('retention', () => {
  it('is off until it is set, and then takes away what is older, and nothing else', async () => {
    const { backend, clock, admin } = await start();
    const asAgent = { headers: asService(tokenA) };
    for (const pod_name of ['old', 'young', 'failing']) await admin.call('POST', '/api/pods/failed', podReport({ pod_name }), asAgent);
    const resolve = (pod_name: string) => admin.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name }, asAgent);
    const left = async (url: string) => (await admin.call('GET', url)).json<{ pod_name: string }[]>().map(({ pod_name }) => pod_name);
    await resolve('old');
    clock.aheadMs = 11 * 60_000;
    await resolve('young');
    await backend.retention.sweep();
    expect(await left('/api/pods/history')).toEqual(['young', 'old']);

    const url = '/api/admin/settings/history-retention';
    expect((await admin.call('GET', url)).json()).toEqual({ minutes: 0 });
    expect((await admin.call('PUT', url, { minutes: 10 })).json()).toEqual({ minutes: 10 });
    for (const minutes of [true, '10', -1, 43_201, 1.5]) expect(await admin.status('PUT', url, { minutes })).toBe(422);
    await backend.retention.sweep();
    expect(await left('/api/pods/history')).toEqual(['young']);
    expect(await left('/api/pods/failed')).toEqual(['failing']);
  });

  it('of ignored failures counts from when they were ignored', async () => {
    const { backend, clock, admin } = await start();
    await admin.call('POST', '/api/pods/failed', podReport(), { headers: asService(tokenA) });
    clock.aheadMs = 60 * 60_000;
    await admin.call('DELETE', '/api/pods/failed/1');
    await admin.call('PUT', '/api/admin/settings/ignored-retention', { minutes: 10 });
    await backend.retention.sweep();
    expect((await admin.call('GET', '/api/pods/ignored')).json()).toHaveLength(1);
    clock.aheadMs += 11 * 60_000;
    await backend.retention.sweep();
    expect((await admin.call('GET', '/api/pods/ignored')).json()).toHaveLength(0);
  });

  it('of dismissed findings ends thirty days after a scan has not found them again', async () => {
    const { backend, clock, admin } = await start();
    const { findings } = backend.stores;
    const asScanner = { headers: asService(tokenA) };
    const find = (resource_name: string) => admin.call('POST', '/api/security/findings', findingReport({ resource_name }), asScanner);
    const scanAgain = (resource_name: string) => admin.call('DELETE', `/api/security/findings/resource/Pod/shop/${resource_name}`, undefined, asScanner);
    const dismissed = async () => (await findings.list(true)).map(({ resource_name }) => resource_name);
    for (const name of ['gone', 'there', 'untouched']) await findings.dismiss((await find(name)).json<{ id: number }>().id, true);
    for (const name of ['gone', 'there']) await scanAgain(name);
    await find('there');
    const day = 86_400_000;
    clock.aheadMs = 29 * day;
    await scanAgain('gone');
    await backend.retention.sweep();
    expect(await dismissed()).toEqual(['untouched', 'there', 'gone']);
    const seen = (await backend.app.inject({ url: '/api/security/findings', headers: asService(tokenA) })).json<{ resource_name: string }[]>();
    expect(seen.map(({ resource_name }) => resource_name)).toEqual(['untouched', 'there']);
    clock.aheadMs = 31 * day;
    await backend.retention.sweep();
    expect(await dismissed()).toEqual(['untouched', 'there']);
    await admin.call('POST', '/api/security/scan/clear', undefined, asScanner);
    await find('untouched');
    clock.aheadMs = 62 * day;
    await backend.retention.sweep();
    expect(await dismissed()).toEqual(['untouched']);
  });

  it('takes away expired sessions and old login attempts, and leaves the rest', async () => {
    const { backend, clock, admin } = await start();
    await admin.logIn('admin', 'wrong password');
    const rows = async () => Promise.all((['sessions', 'login_attempts'] as const).map(async (table) => (await backend.database.selectFrom(table).selectAll().execute()).length));
    await backend.retention.sweep();
    expect(await rows()).toEqual([1, 1]);
    clock.aheadMs = 31_000;
    await backend.retention.sweep();
    expect(await rows()).toEqual([1, 0]);
    clock.aheadMs = 8 * 86_400_000;
    await backend.retention.sweep();
    expect(await rows()).toEqual([0, 0]);
  });
});
