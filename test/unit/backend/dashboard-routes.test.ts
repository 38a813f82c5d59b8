import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dashboardIn } from '../../../backend/built-dashboard.ts';
import { startBackend, temporaryDirectory, type Backend } from './harness.ts';

const page = '<!doctype html><title>Kure</title>';
const script = 'console.log("the dashboard")';

/** What a build leaves: each file, and beside it what is worth to be compressed. */
async function startWithDashboard(): Promise<Backend> {
  const root = await temporaryDirectory();
  await mkdir(join(root, 'assets'));
  for (const [path, text] of [['index.html', page], ['assets/index-C0ffee.js', script]] as const) {
    await writeFile(join(root, path), text);
    await writeFile(join(root, `${path}.br`), brotliCompressSync(text));
    await writeFile(join(root, `${path}.gz`), gzipSync(text));
  }
  await writeFile(join(root, 'favicon.svg'), '<svg/>');
  return startBackend({ dashboard: dashboardIn(root) });
}

const get = ({ app }: Backend, url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

describe('the dashboard', () => {
  it.each(['/', '/pods', '/invite/some-token', '/admin/users?tab=2', '/healthy'])('is what %s shows', async (url) => {
    const answer = await get(await startWithDashboard(), url);
    expect(answer).toMatchObject({ statusCode: 200, body: page });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  });

  it('can run nothing but its own files, and in no frame', async () => {
    const { headers } = await get(await startWithDashboard(), '/');
    const policy = headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('sends files whose name has a hash once for all', async () => {
    const backend = await startWithDashboard();
    const { headers } = await get(backend, '/assets/index-C0ffee.js');
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-type': 'application/javascript; charset=utf-8' });
    expect((await get(backend, '/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('sends what was compressed when it was built, to those who can read it', async () => {
    const backend = await startWithDashboard();
    const ask = (accepted: string) => get(backend, '/assets/index-C0ffee.js', { 'accept-encoding': accepted });
    const brotli = await ask('gzip, deflate, br');
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding', 'content-type': 'application/javascript; charset=utf-8' });
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script);
    const gzip = await ask('gzip, deflate');
    expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(script);
    expect(await ask('identity')).toMatchObject({ statusCode: 200, body: script });
  });

  it('never says that an older page is still the present one: two builds may have the same size and time', async () => {
    const { headers } = await get(await startWithDashboard(), '/');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('last-modified');
  });

  it.each(['/api', '/api/unknown', '/api/pods/unknown', '/ws', '/health/unknown', '/assets/gone-1234.js', '/index.html.br', '/../package.json', '/assets/%2e%2e/index.html.gz'])(
    'is not what %s shows',
    async (url) => {
      const answer = await get(await startWithDashboard(), url);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ error: 'HTTP 404 Error', message: 'Not Found' });
      expect(answer.headers).not.toHaveProperty('cache-control');
    },
  );

  it('is only looked at: other methods find nothing', async () => {
    const { app } = await startWithDashboard();
    expect((await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(404);
    expect(await app.inject({ method: 'HEAD', url: '/' })).toMatchObject({ statusCode: 200, body: '' });
  });

  it('says how it is built where it is not', async () => {
    const answer = await get(await startBackend(), '/');
    expect(answer).toMatchObject({ statusCode: 404 });
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain('npm run build:dashboard');
  });
});
