/** What the first visit costs. Durations are said and not judged: they are the machine's. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { furnish } from './situations.ts';
import { signUp, visit, type Visitor } from './visitor.ts';

const budgetBytes = 200_000;

/** Bytes as they came over the wire, headers included, and which files were compressed. */
async function weigh(visitor: Visitor, path: string, heading: string): Promise<{ bytes: number; files: string[] }> {
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send('Network.enable');
  let bytes = 0;
  const files: string[] = [];
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  session.on('Network.responseReceived', ({ response }) => {
    const encoding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
    files.push(`${new URL(response.url).pathname} ${encoding ?? 'plain'}`);
  });
  await visitor.open(path, heading);
  await visitor.settled();
  await session.detach();
  return { bytes, files };
}

const timings = `(() => {
  const [navigation] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  return { paint, loaded: navigation.loadEventEnd };
})()`;

test('the first load is under 200 KB, compressed', async () => {
  const backend = await startBackend();
  const stranger = await visit(backend);
  const login = await weigh(stranger, '/', 'Create the first admin');
  expect(login.bytes).toBeGreaterThan(10_000);
  expect(login.bytes).toBeLessThan(budgetBytes);

  const admin = await signUp(backend);
  await furnish(backend.service, admin, { pods: 48, findings: 12 });
  const fresh = await visit(backend, { storageState: await admin.page.context().storageState() });
  const pods = await weigh(fresh, '/pods', 'Failing pods');
  const assets = pods.files.filter((file) => /\.(js|css) /.test(file));
  expect(assets.length).toBeGreaterThan(1);
  expect(assets.filter((file) => file.endsWith('plain'))).toEqual([]);
  expect(pods.bytes).toBeLessThan(budgetBytes);
  console.log(`first visit ${login.bytes} bytes, failing pods with 48 of them ${pods.bytes} bytes`);
  console.log(`milliseconds: ${JSON.stringify(await fresh.page.evaluate(timings))}`);
});

test('what was loaded once is not loaded again', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/findings', 'Security findings');
  const asked: string[] = [];
  admin.page.on('response', (response) => {
    if (response.url().includes('/assets/')) asked.push(response.headers()['cache-control'] ?? '');
  });
  const again = await weigh(admin, '/findings', 'Security findings');
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.every((caching) => caching.includes('immutable'))).toBe(true);
  expect(again.bytes).toBeLessThan(10_000);
});
