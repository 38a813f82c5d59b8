/** Questions to language models: no base URL leads into the cluster, and the key goes nowhere but to its provider. */
import type { lookup } from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { LanguageModel } from '../../backend/llm/language-model.ts';
import { targetOf } from '../../backend/llm/providers.ts';
import { trialQuestion } from '../../backend/llm/questions.ts';
import { createMetrics } from '../../backend/metrics.ts';
import { AllowedAddresses } from '../../backend/outbound/allowed-addresses.ts';
import { Outbound, type OutboundOptions } from '../../backend/outbound/outbound.ts';
import { createLogger } from '../../shared/log.ts';
import { fakeModel, refuse, say } from '../fixtures/language-model.ts';
import { asService, podReport, tokenA } from '../unit/backend/harness.ts';
import { startAttacked } from './program.ts';

const apiKey = 'sk-proj-0123456789-in-no-log';

/** Asks for one word there. */
function asking(opened: readonly string[], options: Partial<OutboundOptions> & { readonly timeoutMs?: number } = {}) {
  const outbound = new Outbound({ allowed: new AllowedAddresses(opened), ...options });
  onTestFinished(() => outbound.close());
  const log = createLogger('backend', 'silent');
  const model = new LanguageModel({ outbound, metrics: createMetrics(), log, ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }) });
  return (baseUrl: string) => model.ask(targetOf({ provider: 'openai', apiKey, model: null, baseUrl }), trialQuestion);
}

async function server(host: string, listener: RequestListener): Promise<number> {
  const made = createServer(listener);
  await new Promise<void>((resolve) => made.listen(0, host, resolve));
  onTestFinished(() => made.close().closeAllConnections());
  return (made.address() as AddressInfo).port;
}

it.each(['127.0.0.1', '2130706433', 'localhost', '[::ffff:127.0.0.1]', '169.254.169.254', '10.96.0.1', '[fd00::1]'])('%s as the base URL is refused, and asks nobody', async (host) => {
  const { url, asked } = await fakeModel(say('ready'));
  await expect(asking([])(`http://${host}:${new URL(url).port}/v1`)).rejects.toThrow(/is an internal address.*OUTBOUND_ALLOW/);
  expect(asked).toEqual([]);
});

it('a redirect is not followed, and takes no key along', async () => {
  const elsewhere = await fakeModel(say('ready'));
  const { url } = await fakeModel((_asked, response) => response.writeHead(307, { location: `${elsewhere.url}/v1/chat/completions` }).end());
  await expect(asking(['127.0.0.1'])(`${url}/v1`)).rejects.toThrow('127.0.0.1 answered 307');
  expect(elsewhere.asked).toEqual([]);
});

it('a name that resolves to an internal address the second time is asked once', async () => {
  const { url, asked } = await fakeModel((question, response) => {
    response.setHeader('connection', 'close');
    say('ready')(question, response);
  });
  const { port } = new URL(url);
  const addresses = ['127.0.0.1', '127.0.0.2'];
  const resolver = ((_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address: addresses.shift(), family: 4 }])) as unknown as typeof lookup;
  const ask = asking(['127.0.0.1'], { resolver });
  await expect(ask(`http://rebinding.example:${port}/v1`)).resolves.toMatchObject({ text: 'ready' });
  await expect(ask(`http://rebinding.example:${port}/v1`)).rejects.toThrow('rebinding.example is an internal address');
  expect(addresses).toEqual([]);
  expect(asked).toHaveLength(1);
});

it('an endless answer is cut off', async () => {
  let sent = 0;
  const port = await server('127.0.0.1', (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
    };
    response.on('drain', more);
    more();
  });
  await expect(asking(['127.0.0.1'])(`http://127.0.0.1:${port}/v1`)).rejects.toThrow('the answer of 127.0.0.1 is too long');
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

it('who begins an answer and does not end it is given up', async () => {
  const port = await server('127.0.0.1', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'));
  await expect(asking(['127.0.0.1'], { timeoutMs: 100 })(`http://127.0.0.1:${port}/v1`)).rejects.toThrow('127.0.0.1 did not answer in time');
});

it('the key is in no answer and no log, whatever its provider makes of it', async () => {
  const echo = `Incorrect API key provided: ${apiKey}. See https://me:${apiKey}@keys.example`;
  const model = await fakeModel(
    refuse(401, echo),
    refuse(500, echo),
    (_asked, response) => response.writeHead(302, { location: `http://127.0.0.1/${apiKey}` }).end(apiKey),
    (_asked, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ error: echo })),
    (_asked, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${apiKey}`),
    (_asked, response) => response.destroy(),
  );
  const backend = await startAttacked({ OUTBOUND_ALLOW: '127.0.0.1', LOG_LEVEL: 'trace' });
  const post = async (path: string, body: object = {}, headers: object = { cookie: backend.cookie }) => {
    const answer = await fetch(backend.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
    return `${answer.status} ${await answer.text()}`;
  };
  await post('/api/pods/failed', podReport(), asService(tokenA));
  const config = { provider: 'openai', api_key: apiKey, base_url: `${model.url}/v1` };
  expect(await post('/api/admin/llm/config', config)).toContain('200');
  const answers: string[] = [];
  for (let turn = 0; turn < 6; turn++) answers.push(await post('/api/pods/failed/1/retry-solution'));
  answers.push(await post('/api/pods/failed/1/troubleshoot'), await post('/api/admin/llm/test', config));
  expect(model.asked).toHaveLength(8);
  expect(model.asked.every(({ headers }) => headers.authorization === `Bearer ${apiKey}`)).toBe(true);
  expect(answers.filter((answer) => answer.includes('solution_error":"127.0.0.1 '))).toHaveLength(6);
  expect(backend.output()).toContain('a language model did not answer');
  expect([...answers, backend.output()].join('\n')).not.toContain(apiKey);
});
