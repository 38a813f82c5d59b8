import { afterEach, beforeEach, expect, test } from 'vitest';
import { Backend, outcomeOf } from '../../../shared/delivery/backend.ts';
import { collectLog, type CollectedLog } from './collected-log.ts';
import { StandInBackend } from './stand-in-backend.ts';

let peer: StandInBackend;
let collected: CollectedLog;
let backend: Backend;

beforeEach(async () => {
  peer = await StandInBackend.start();
  collected = collectLog();
  backend = new Backend({ baseUrl: peer.url, token: 'a-token', log: collected.log });
});

afterEach(() => peer.stop());

test.each([
  [200, 'accepted'],
  [201, 'rejected'],
  [302, 'rejected'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'rejected'],
  [429, 'away'],
  [500, 'rejected'],
  [502, 'away'],
  [503, 'away'],
  [504, 'away'],
] as const)('status %i reads as %s', (status, kind) => {
  expect(outcomeOf(status, null, '').kind).toBe(kind);
});

test('Retry-After is read as seconds and as a date, and nonsense is left out', () => {
  expect(outcomeOf(503, '7', '')).toMatchObject({ retryAfterMs: 7_000 });
  const inAMinute = outcomeOf(503, new Date(Date.now() + 60_000).toUTCString(), '');
  expect((inAMinute as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(55_000);
  expect(outcomeOf(503, 'soon', '')).toMatchObject({ retryAfterMs: undefined });
});

test('a change of reach is logged once, not every attempt', async () => {
  for (const status of [200, 200, 401, 401, 401, 503, 503, 422, 200]) {
    peer.script = () => ({ status });
    await backend.send({ method: 'GET', path: '/' });
  }
  expect(collected.messages()).toEqual([
    'backend reachable',
    'backend refuses the service token, trying again',
    'backend away, trying again',
    'backend reachable',
  ]);
});

test('a redirect is not followed, since the token would go along', async () => {
  peer.script = ({ path }) => ({ status: path === '/' ? 307 : 200, headers: { location: '/elsewhere' } });
  expect(await backend.send({ method: 'GET', path: '/' })).toEqual({ kind: 'rejected', status: 307 });
  expect(peer.received).toHaveLength(1);
});

test('a list is an error when the answer is not one', async () => {
  peer.script = () => ({ status: 200, body: { message: 'hello' } });
  await expect(backend.list('/pods')).rejects.toThrow('GET /pods: the answer is not a list');
  peer.script = () => ({ status: 401 });
  await expect(backend.list('/pods')).rejects.toThrow('GET /pods: status 401');
});
