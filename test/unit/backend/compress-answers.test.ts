import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { asService, podReport, startBackend, tokenA } from './harness.ts';
import { signUp } from './people.ts';

async function listed(accepts: string | undefined, logs: string) {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.app.inject({ method: 'POST', url: '/api/pods/failed', headers: asService(tokenA), payload: podReport({ logs }) });
  return admin.call('GET', '/api/pods/failed', undefined, { headers: accepts === undefined ? {} : { 'accept-encoding': accepts } });
}

const long = 'a line of a log\n'.repeat(1_000);

it.each(['gzip', 'br, gzip;q=0.8, zstd', 'gzip, deflate'])('a long list goes out compressed to who takes %s', async (accepts) => {
  const answer = await listed(accepts, long);
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding', 'content-length': String(answer.rawPayload.length) });
  expect(answer.rawPayload.length).toBeLessThan(long.length / 4);
  expect(JSON.parse(gunzipSync(answer.rawPayload).toString())).toMatchObject([{ logs: long }]);
});

it.each([undefined, 'identity', 'gzip;q=0', 'br, gzip; q=0.0, zstd'])('and as it is to who says %s', async (accepts) => {
  const answer = await listed(accepts, long);
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.headers['vary']).toBe('accept-encoding');
  expect(answer.json()).toMatchObject([{ logs: long }]);
});

it('a short answer stays as it is', async () => {
  const answer = await listed('gzip', '');
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.json()).toHaveLength(1);
});
