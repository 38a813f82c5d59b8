import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../shared/clock.ts';
import { readConfig } from '../../../testbed/traffic/config.ts';
import type { Row } from '../../../testbed/traffic/counts-store.ts';
import { count, noCounts, outcomeOf, sum, type Counts } from '../../../testbed/traffic/counts.ts';
import { Traffic } from '../../../testbed/traffic/traffic.ts';
import { StandInBackend } from '../delivery/stand-in-backend.ts';

let peer: StandInBackend;
let directory: string;

beforeEach(async () => {
  peer = await StandInBackend.start();
  directory = await mkdtemp(join(tmpdir(), 'traffic-'));
});

afterEach(async () => {
  await peer.stop();
  await rm(directory, { recursive: true });
});

function givenTraffic(env: Record<string, string> = {}): Traffic {
  const given = { BACKEND_URL: peer.url, SERVICE_TOKEN: 'a-token', RATE: '100', POD_NAME: 'traffic-1', PORT: '0' };
  return new Traffic(readConfig({ ...given, COUNTS_DIRECTORY: directory, ...env }));
}

const outcomes = ({ accepted, rejected, failed, unanswered }: Counts) => ({ accepted, rejected, failed, unanswered });

describe('counting', () => {
  test('tells accepted, rejected, failed and unanswered apart, and when rejections began and ended', () => {
    const steps = [
      outcomeOf(200),
      outcomeOf(401),
      outcomeOf(403),
      outcomeOf(201),
      outcomeOf(503),
      outcomeOf(503),
      { kind: 'unanswered', cause: 'ECONNRESET' } as const,
    ];
    const counts = steps.reduce((before, outcome, second) => count(before, outcome, second * 1000), noCounts);
    expect(counts).toEqual({
      sent: 0,
      accepted: 1,
      rejected: 2,
      failed: { 201: 1, 503: 2 },
      unanswered: { ECONNRESET: 1 },
      firstRejectedAt: '1970-01-01T00:00:01.000Z',
      lastRejectedAt: '1970-01-01T00:00:02.000Z',
    });
  });

  test('adds up over pods', () => {
    const one: Counts = { ...noCounts, sent: 3, accepted: 2, failed: { 500: 1 }, firstRejectedAt: 'b', lastRejectedAt: 'c' };
    const two: Counts = { ...noCounts, sent: 2, rejected: 1, failed: { 500: 1, 502: 1 }, firstRejectedAt: 'a', lastRejectedAt: 'b' };
    expect(sum([noCounts, one, two])).toEqual({
      sent: 5,
      accepted: 2,
      rejected: 1,
      failed: { 500: 2, 502: 1 },
      unanswered: {},
      firstRejectedAt: 'a',
      lastRejectedAt: 'c',
    });
  });
});

describe('the traffic', () => {
  test('keeps its rate while answers are slow, each report once, under its own name, on its own connection', async () => {
    peer.script = () => ({ status: 200, afterMs: 300 });
    const traffic = givenTraffic();
    await traffic.start();
    const startedAt = performance.now();
    await systemClock.sleep(1_000);
    const due = (performance.now() - startedAt) / 10;
    const row = await traffic.stop();
    expect(Math.abs(row.sent - due)).toBeLessThan(10);
    expect(row).toMatchObject({ pod: 'traffic-1', finished: true, accepted: row.sent, rejected: 0 });
    const names = peer.received.map(({ body }) => (body as { pod_name: string }).pod_name);
    expect(new Set(names).size).toBe(row.sent);
    expect(names).toHaveLength(row.sent);
    expect(names).toContain('traffic-1-0');
    expect(peer.received[0]).toMatchObject({
      path: '/api/pods/failed',
      headers: { 'x-service-token': 'a-token', connection: 'close' },
      body: { namespace: 'traffic' },
    });
  });

  test('never sends anything twice, and names what became of it', async () => {
    peer.script = (_, sequence) => ({ status: [200, 401, 500][sequence % 3]! });
    const traffic = givenTraffic();
    await traffic.start();
    await systemClock.sleep(300);
    const row = await traffic.stop();
    expect(peer.received).toHaveLength(row.sent);
    const third = Math.floor(row.sent / 3);
    expect(row.accepted).toBeGreaterThanOrEqual(third);
    expect(row.rejected).toBeGreaterThanOrEqual(third);
    expect(row.failed['500']).toBeGreaterThanOrEqual(third);
    expect(row.accepted + row.rejected + row.failed['500']!).toBe(row.sent);
  });

  test('says up to which report all have their outcome, while one hangs and later ones are answered', async () => {
    const hanging = Promise.withResolvers<void>();
    peer.script = ({ body }) => ({ status: 200, after: (body as { pod_name: string }).pod_name === 'traffic-1-3' ? hanging.promise : undefined });
    const traffic = givenTraffic();
    const port = await traffic.start();
    const shown = async () => ((await (await fetch(`http://127.0.0.1:${port}/counts`)).json()) as { pods: Row[] }).pods[0]!;
    await vi.waitUntil(async () => (await shown()).accepted > 10, { timeout: 20_000 });
    const { settled } = await shown();
    hanging.resolve();
    const last = await traffic.stop();
    expect([settled, last.settled]).toEqual([3, last.sent]);
  });

  test('counts a refused connection by its code', async () => {
    const gone = await StandInBackend.start();
    const { url } = gone;
    await gone.stop();
    const traffic = givenTraffic({ BACKEND_URL: url });
    await traffic.start();
    await systemClock.sleep(200);
    const row = await traffic.stop();
    expect(outcomes(row)).toEqual({ accepted: 0, rejected: 0, failed: {}, unanswered: { ECONNREFUSED: row.sent } });
  });

  test('shows the sum over this pod and those that ended before', async () => {
    const ended = { ...noCounts, pod: 'traffic-0', startedAt: '2026-11-23T10:00:00.000Z', settled: 1000, finished: true, sent: 1000, accepted: 1000 };
    await writeFile(join(directory, 'traffic-0.json'), JSON.stringify(ended));
    const traffic = givenTraffic();
    const port = await traffic.start();
    await systemClock.sleep(200);
    const answer = await fetch(`http://127.0.0.1:${port}/counts`);
    const shown = (await answer.json()) as { sum: Counts; pods: (Counts & { pod: string })[] };
    expect(shown.pods.map(({ pod }) => pod)).toEqual(['traffic-0', 'traffic-1']);
    expect(shown.pods[1]!.sent).toBeGreaterThan(5);
    expect(shown.sum.sent).toBe(1000 + shown.pods[1]!.sent);
    const last = await traffic.stop();
    expect(JSON.parse(await readFile(join(directory, 'traffic-1.json'), 'utf8'))).toEqual(last);
  });
});
