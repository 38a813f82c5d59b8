import { describe, expect, it } from 'vitest';
import { tokenFromUrl } from '../../../backend/http/service-token.ts';
import type { Attestation } from '../../../shared/contract/attestation.ts';
import { asService, findingReport, podReport, startBackend, tokenA, tokenB, tokenC, type Backend } from './harness.ts';

const retiredAt = '2026-11-01T10:00:00.000Z';

async function messageFor(backend: Backend, token: string | undefined) {
  const headers = token === undefined ? {} : asService(token);
  const answer = await backend.app.inject({ url: '/api/pods/failed', headers });
  return { status: answer.statusCode, message: answer.json<{ message?: string }>().message };
}

async function attestation(backend: Backend, token = tokenA): Promise<Attestation> {
  return (await backend.app.inject({ url: '/api/bootstrap/attestation', headers: asService(token) })).json();
}

const protectedCalls = [
  ['GET', '/api/pods/failed'],
  ['GET', '/api/admin/excluded-pods'],
  ['GET', '/api/admin/excluded-namespaces'],
  ['GET', '/api/admin/excluded-rules'],
  ['GET', '/api/admin/trusted-registries'],
  ['GET', '/api/bootstrap/attestation'],
  ['POST', '/api/pods/failed'],
  ['POST', '/api/pods/dismiss-deleted'],
  ['POST', '/api/security/findings'],
  ['POST', '/api/security/scan/clear'],
  ['POST', '/api/security/rescan-status'],
  ['DELETE', '/api/security/findings/resource/Pod/shop/web-1'],
  ['POST', '/api/metrics/security-scan-duration'],
] as const;

describe('without a valid service token', () => {
  it.each(protectedCalls)('%s %s is refused with 401 before its body is read', async (method, url) => {
    const { app } = await startBackend();
    const answer = await app.inject({ method, url, headers: { ...asService(tokenB), 'content-type': 'application/json' }, payload: '{' });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error: 'HTTP 401 Error', path: url });
  });

  it('the answer says which it was: missing, unknown or retired and when', async () => {
    const backend = await startBackend();
    backend.tokens.replace([{ value: tokenA, generation: 'gen-a' }], [{ value: tokenB, generation: 'gen-b', retiredAt }]);
    expect(await messageFor(backend, undefined)).toMatchObject({ status: 401, message: expect.stringContaining('Missing') });
    expect(await messageFor(backend, tokenC)).toMatchObject({ status: 401, message: expect.stringContaining('Unknown') });
    expect(await messageFor(backend, tokenB)).toMatchObject({ status: 401, message: expect.stringContaining(`retired at ${retiredAt}`) });
  });

  it('a token that is not ASCII, very long or almost right gets 401 too', async () => {
    const backend = await startBackend();
    for (const token of ['pässwörd-ÿ', 'x'.repeat(8_000), `${tokenA}x`, tokenA.slice(0, -1), tokenA.toLowerCase()]) {
      expect(await messageFor(backend, token)).toMatchObject({ status: 401 });
    }
  });

  it('nobody is refused before the Secrets were read: the answer is 503', async () => {
    const backend = await startBackend();
    const wasRead = backend.readiness.waitFor('the Secrets have not been read');
    expect(await messageFor(backend, tokenC)).toMatchObject({ status: 503, message: expect.stringContaining('have not been read') });
    expect((await backend.app.inject('/ready')).json()).toEqual({ status: 'not ready', reasons: ['the Secrets have not been read'] });
    wasRead();
    expect(await messageFor(backend, tokenC)).toMatchObject({ status: 401 });
    expect((await backend.app.inject('/ready')).statusCode).toBe(200);
  });
});

describe('an unknown token', () => {
  it('is accepted when a direct read of the Secrets finds it, and all who wait share one read', async () => {
    let reads = 0;
    const backend = await startBackend({
      readAgain: async (tokens) => {
        reads += 1;
        tokens.replace([tokenA, tokenB].map((value) => ({ value, generation: value.slice(0, 1) })), []);
      },
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => messageFor(backend, tokenB)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(reads).toBe(1);
  });

  it('that no Secret could hold is refused without a read', async () => {
    let reads = 0;
    const backend = await startBackend({ readAgain: async () => void (reads += 1) });
    await messageFor(backend, 'short');
    await messageFor(backend, undefined);
    expect(reads).toBe(0);
  });
});

describe('the attestation', () => {
  it('says who used which generation, and does not count itself', async () => {
    const backend = await startBackend();
    await backend.app.inject({ method: 'POST', url: '/api/pods/failed', headers: asService(tokenA), payload: podReport() });
    await backend.app.inject({ method: 'POST', url: '/api/security/findings', headers: asService(tokenA), payload: findingReport() });
    await attestation(backend);
    expect(await attestation(backend)).toMatchObject({
      instance: 'test',
      accepted: ['gen-a'],
      unnamed: 0,
      uses: [{ generation: 'gen-a', count: 2, sources: [{ address: '127.0.0.1', count: 2 }] }],
      refused: [],
    });
  });

  it('books a use under its name when the keyring names the value later', async () => {
    const backend = await startBackend();
    backend.tokens.replace([{ value: tokenA, generation: 'gen-a' }, { value: tokenB, generation: undefined }], []);
    await messageFor(backend, tokenB);
    expect(await attestation(backend)).toMatchObject({ accepted: ['gen-a'], unnamed: 1, uses: [{ generation: null, count: 1 }] });
    backend.tokens.replace([{ value: tokenA, generation: 'gen-a' }, { value: tokenB, generation: 'gen-b' }], []);
    expect(await attestation(backend)).toMatchObject({ accepted: ['gen-a', 'gen-b'], unnamed: 0, uses: [{ generation: 'gen-b', count: 1 }] });
  });

  it('believes the address of the connection, never a header', async () => {
    const backend = await startBackend();
    const headers = { ...asService(tokenA), 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    await backend.app.inject({ url: '/api/pods/failed', headers, remoteAddress: '::ffff:10.0.0.7' });
    expect((await attestation(backend)).uses[0]?.sources).toMatchObject([{ address: '10.0.0.7' }]);
  });

  it('names who presented something that was refused, and still shows the uses of a retired generation', async () => {
    const backend = await startBackend();
    await messageFor(backend, tokenA);
    backend.tokens.replace([{ value: tokenB, generation: 'gen-b' }], [{ value: tokenA, generation: 'gen-a', retiredAt }]);
    await messageFor(backend, tokenA);
    await messageFor(backend, tokenC);
    await messageFor(backend, undefined);
    const { accepted, uses, refused } = await attestation(backend, tokenB);
    expect(accepted).toEqual(['gen-b']);
    expect(uses).toMatchObject([{ generation: 'gen-a', count: 1 }]);
    expect(refused).toMatchObject([
      { reason: 'retired', generation: 'gen-a', address: '127.0.0.1', count: 1 },
      { reason: 'unknown', address: '127.0.0.1', count: 1 },
      { reason: 'missing', address: '127.0.0.1', count: 1 },
    ]);
  });
});

it('takes the token of a WebSocket URL as it stands, and decoded where it was encoded', () => {
  expect(tokenFromUrl('/ws?token=a+b/c%d')).toBe('a+b/c%d');
  expect(tokenFromUrl('/ws?x=1&token=a%2Bb&y=2')).toBe('a+b');
  expect(tokenFromUrl('/ws?token=')).toBe('');
  expect(tokenFromUrl('/ws')).toBeUndefined();
});
