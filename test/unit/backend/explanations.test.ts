/** What language models are asked and what becomes of their answers, by a real HTTP server that plays them. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { FindingFix } from '../../../shared/contract/security.ts';
import type { PodFailure, RetriedSolution } from '../../../shared/contract/pods.ts';
import { deriveKey, encrypt } from '../../../backend/domain/fernet.ts';
import { record, value } from '../../fixtures/given.ts';
import { fakeModel, refuse, say, type FakeModel, type Reply } from '../../fixtures/language-model.ts';
import { asService, findingReport, podReport, startBackend, temporaryDirectory, tokenA, type Backend } from './harness.ts';
import { signUp, type Person } from './people.ts';

// Some wait until the backend gives up, twice.
vi.setConfig({ testTimeout: 30_000 });

const apiKey = 'sk-proj-0123456789abcdef';

interface Started {
  readonly backend: Backend;
  readonly admin: Person;
  readonly model: FakeModel;
  readonly directory: string;
}

/** A failed pod, id 1, and a model that says these, by OpenAI's API. */
async function start(...answers: readonly Reply[]): Promise<Started> {
  const directory = await temporaryDirectory();
  const backend = await startBackend({ directory, outboundAllow: ['127.0.0.1'], llmTimeoutMs: 2_000 });
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const admin = await signUp(backend);
  const model = await fakeModel(...answers);
  await configure(admin, model);
  await report(backend);
  return { backend, admin, model, directory };
}

const configure = (admin: Person, { url }: FakeModel, change: object = {}) =>
  admin.call('POST', '/api/admin/llm/config', { provider: 'openai', api_key: apiKey, base_url: `${url}/v1`, ...change });
const report = ({ app }: Backend, change = {}) =>
  app.inject({ method: 'POST', url: '/api/pods/failed', headers: asService(tokenA), payload: podReport(change) });
const retry = async (admin: Person) => (await admin.call('POST', '/api/pods/failed/1/retry-solution')).json<RetriedSolution>();
const listed = async (admin: Person) => (await admin.call('GET', '/api/pods/failed')).json<PodFailure[]>()[0]!;

const captured = (text: string) => ({
  failure_logs: { version: 1, encoding: 'gzip+base64', containers: { web: { previous: { data: gzipSync(text).toString('base64') }, current: null, error: null } } },
});
const trial = async (admin: Person, { url }: FakeModel, change: object = {}) =>
  (await admin.call('POST', '/api/admin/llm/test', { provider: 'openai', api_key: '', base_url: `${url}/v1`, ...change })).json<{ success: boolean; message: string }>();

describe('each provider', () => {
  it.each([
    ['openai', '/v1', '/v1/chat/completions', 'gpt-5-mini', 'authorization', `Bearer ${apiKey}`],
    ['groq', '/openai/v1/', '/openai/v1/chat/completions', 'meta-llama/llama-4-scout-17b-16e-instruct', 'authorization', `Bearer ${apiKey}`],
    ['gemini', '/v1beta/openai', '/v1beta/openai/chat/completions', 'gemini-2.5-flash', 'authorization', `Bearer ${apiKey}`],
    ['copilot', '/inference', '/inference/chat/completions', 'openai/gpt-5-mini', 'authorization', `Bearer ${apiKey}`],
    ['ollama', '', '/v1/chat/completions', 'llama3.2', 'authorization', `Bearer ${apiKey}`],
    ['ollama', '/v1', '/v1/chat/completions', 'llama3.2', 'authorization', `Bearer ${apiKey}`],
    ['anthropic', '/v1', '/v1/messages', 'claude-sonnet-4-5', 'x-api-key', apiKey],
  ])('%s under %s is asked in its own way', async (provider, base, path, model, header, sent) => {
    const { admin, model: fake } = await start(say('Mend it.'));
    await configure(admin, fake, { provider, base_url: fake.url + base });
    expect(await retry(admin)).toMatchObject({ solution: 'Mend it.', solution_by: `${provider}/${model}`, solution_error: null });
    expect(fake.asked).toMatchObject([{ path, headers: { [header]: sent } }]);
    expect(JSON.parse(fake.asked[0]!.body)).toMatchObject({ model });
  });

  it('gets no key where none is configured, whatever the environment has', async () => {
    const { admin, model } = await start(say('Mend it.'));
    await configure(admin, model, { provider: 'ollama', api_key: '', base_url: model.url, model: 'mine' });
    await retry(admin);
    expect(model.asked[0]!.headers).not.toHaveProperty('authorization');
  });
});

describe('an answer', () => {
  it('is shown by every replica and after a restart, and gone when the pod fails for another reason', async () => {
    const { backend, admin, directory } = await start(say('Mend it.'));
    await retry(admin);
    const replica = await startBackend({ directory });
    const failures = await replica.stores.podFailures.withStatus('new');
    expect(failures).toMatchObject([{ solution: 'Mend it.', solution_by: 'openai/gpt-5-mini', solution_generated_at: expect.stringMatching(/Z$/) }]);
    await report(backend);
    expect(await listed(admin)).toMatchObject({ solution: 'Mend it.' });
    await report(backend, { failure_reason: 'OOMKilled' });
    expect(await listed(admin)).toMatchObject({ solution: expect.stringContaining('more memory'), solution_by: null, solution_generated_at: null });
  });

  it('that is long is kept in part', async () => {
    const { admin } = await start(say('x'.repeat(100_000)));
    expect((await retry(admin)).solution).toHaveLength(16_384);
  });

  it.each<[string, Reply, string]>([
    ['an error', refuse(429, 'Rate limit reached'), '127.0.0.1 answered 429: Rate limit reached'],
    ['an error that is no JSON', (_, response) => response.writeHead(503).end('<html>'), '127.0.0.1 answered 503: Service Unavailable'],
    ['no JSON', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), '127.0.0.1 sent an answer that is not one of a language model'],
    ['JSON of another shape', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":{}}'), '127.0.0.1 sent an answer that is not one of a language model'],
    ['no choice', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}'), '127.0.0.1 sent an answer that is not one of a language model'],
    ['nothing', say(' \n'), '127.0.0.1 sent an empty answer'],
    ['half an answer', (_, response) => response.writeHead(200, { 'content-length': 99 }).end('{'), '127.0.0.1 did not answer in time'],
    ['silence', () => undefined, '127.0.0.1 did not answer in time'],
    ['a closed connection', (_, response) => response.destroy(), '127.0.0.1 cannot be reached (UND_ERR_SOCKET)'],
    ['too much', (_, response) => response.end('x'.repeat(2 * 1024 * 1024)), 'the answer of 127.0.0.1 is too long'],
  ])('that is %s leaves what was stored, and says why', async (_, answer, reason) => {
    const { admin } = await start(say('Mend it.'), answer);
    await retry(admin);
    const failed = await retry(admin);
    expect(failed).toMatchObject({ solution_error: reason, solution: `${reason}.\n\nMend it.` });
    expect(await listed(admin)).toMatchObject({ solution: 'Mend it.', solution_by: 'openai/gpt-5-mini' });
  });
});

describe('no question is asked', () => {
  it('where nothing is configured, and the text by rules says why', async () => {
    const { admin, model } = await start(say('Mend it.'));
    await admin.call('DELETE', '/api/admin/llm/config');
    expect(await retry(admin)).toMatchObject({ solution_error: expect.stringContaining('No language model is set up'), solution: expect.stringContaining('kubectl logs web-1') });
    expect(await admin.status('POST', '/api/pods/failed/1/troubleshoot')).toBe(409);
    expect(model.asked).toEqual([]);
  });

  it('where the stored key cannot be decrypted', async () => {
    const { backend, admin, model } = await start(say('Mend it.'));
    const sealedKey = encrypt(deriveKey(value('lost')), apiKey, 0);
    await backend.stores.llmConfig.save({ provider: 'openai', sealedKey, model: null, baseUrl: `${model.url}/v1` }, '2026-11-01T10:00:00.000Z');
    expect(await retry(admin)).toMatchObject({ solution_error: expect.stringContaining('cannot be decrypted') });
    expect(model.asked).toEqual([]);
  });

  it('while eight others are being answered', async () => {
    const { admin, model } = await start(() => undefined);
    const answers = await Promise.all(Array.from({ length: 9 }, () => admin.call('POST', '/api/pods/failed/1/retry-solution')));
    const refused = answers.filter(({ statusCode }) => statusCode !== 200);
    expect(refused.map(({ statusCode, headers }) => [statusCode, headers['retry-after']])).toEqual([[503, '5']]);
    expect(model.asked).toHaveLength(8);
    expect((await retry(admin)).solution_error).toBe('127.0.0.1 did not answer in time');
  });
});

describe('a question about logs', () => {
  it('has the last lines that were captured, redacted, and no other question has any', async () => {
    const { backend, admin, model } = await start(say('Mend it.'));
    const lines = Array.from({ length: 300 }, (_, line) => `line-${line} end`);
    await report(backend, captured([...lines, 'password=hunter2 refused'].join('\n')));
    await retry(admin);
    expect(model.asked[0]!.body).not.toMatch(/line-299|last words/);
    await admin.call('POST', '/api/pods/failed/1/troubleshoot');
    const { body } = model.asked[1]!;
    for (const sent of ['line-299 end', 'line-101 end', 'password=[redacted] refused']) expect(body).toContain(sent);
    for (const kept of ['line-100 end', 'hunter2']) expect(body).not.toContain(kept);
  });

  it.each([['that unpacks to more than any agent sends', gzipSync('x'.repeat(8 * 1024 * 1024)).toString('base64')], ['that is broken', 'AAAA'], ['of another form', 7]])(
    'leaves out a block %s',
    async (_, data) => {
      const { backend, admin, model } = await start(say('Mend it.'));
      await report(backend, { failure_logs: { version: 1, encoding: 'gzip+base64', containers: { web: { previous: { data } }, none: null } } });
      expect(await admin.status('POST', '/api/pods/failed/1/troubleshoot')).toBe(200);
      expect(model.asked[0]!.body).toContain('last words');
      expect(model.asked[0]!.body).not.toContain('xxxx');
    },
  );
});

describe('a trial', () => {
  it('uses the stored key for the address that it was saved for, and for no other', async () => {
    const { admin, model } = await start(say('ready'));
    const other = await fakeModel(say('ready'));
    expect(await trial(admin, model, { model: 'another' })).toEqual({ success: true, message: 'openai/another has answered' });
    expect(await trial(admin, other)).toMatchObject({ success: true });
    expect(await trial(admin, model, { provider: 'groq' })).toMatchObject({ success: true });
    expect([...model.asked, ...other.asked].map(({ headers }) => headers.authorization)).toEqual([`Bearer ${apiKey}`, undefined, undefined]);
  });

  it.each(['sk-\u2026', '\u201csk-abc\u201d', 'sk-abc\nsk-def'])('declines a key that no request can carry: %j', async (api_key) => {
    const { admin, model } = await start(say('ready'));
    expect(await trial(admin, model, { api_key })).toEqual({ success: false, message: 'The API key has characters that no key has: paste it again' });
    expect(await admin.status('POST', '/api/admin/llm/config', { provider: 'openai', api_key })).toBe(400);
    expect(model.asked).toEqual([]);
  });

  it('says why it failed, and changes nothing', async () => {
    const { admin, model } = await start(refuse(404, 'The model `gpt-0` does not exist'));
    expect(await trial(admin, model, { model: 'gpt-0' })).toEqual({ success: false, message: '127.0.0.1 answered 404: The model `gpt-0` does not exist' });
    expect(await trial(admin, model, { base_url: 'https://10.0.0.1/v1' })).toMatchObject({ success: false, message: expect.stringContaining('OUTBOUND_ALLOW') });
    expect(await trial(admin, model, { base_url: 'http://llm.example/v1' })).toMatchObject({ success: false, message: expect.stringContaining('OUTBOUND_ALLOW') });
    expect((await admin.call('GET', '/api/admin/llm/status')).json()).toMatchObject({ provider: 'openai', model: null, base_url: `${model.url}/v1` });
  });
});

describe('a proposal for a finding', () => {
  const manifest = 'kind: Pod\nmetadata:\n  name: web-1\nspec:\n  hostPID: true\n';
  const fix = async ({ backend, admin }: Started) => {
    await backend.app.inject({ method: 'POST', url: '/api/security/findings', headers: asService(tokenA), payload: findingReport({ manifest }) });
    return (await admin.call('POST', '/api/security/findings/1/fix')).json<FindingFix>();
  };

  it('shows what it changes, however the model writes YAML', async () => {
    const started = await start(say('Here it is:\n```yaml\nkind:   Pod\nmetadata: {name: web-1}\nspec:\n    hostPID: false   # was true\n```\nNo other process is seen.'));
    const { diff, fixed_manifest, explanation } = await fix(started);
    expect(fixed_manifest).toBe(manifest.replace('true', 'false'));
    expect(diff.filter(({ type }) => type !== 'unchanged')).toEqual([{ content: '  hostPID: true', type: 'removed' }, { content: '  hostPID: false', type: 'added' }]);
    expect(explanation).toBe('No other process is seen.');
  });

  it.each([
    ['no manifest', 'Set hostPID to false.'],
    ['a manifest of another kind', '```yaml\nkind: Deployment\nmetadata:\n  name: web-1\n```'],
    ['a manifest of another name', '```yaml\nkind: Pod\nmetadata:\n  name: web-2\n```'],
    ['broken YAML', '```yaml\nkind: [\n```'],
    ['YAML without end', '```yaml\nkind: Pod\nmetadata: &m {name: web-1, self: *m}\n```'],
  ])('that has %s is none: the advice of the scanner stands, and why', async (_, answer) => {
    const proposal = await fix(await start(say(answer)));
    const reason = 'openai/gpt-5-mini answered without a manifest of this Pod';
    expect(proposal).toMatchObject({ is_fallback: true, reason, fixed_manifest: '', diff: [], explanation: 'Set runAsNonRoot' });
  });
});
