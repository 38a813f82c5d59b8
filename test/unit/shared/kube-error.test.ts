import { expect, it } from 'vitest';
import { errorFromAnswer, KubeError, remedyFor } from '../../../shared/kube/kube-error.ts';

it.each([
  [400, 'refused'],
  [401, 'retry'],
  [403, 'refused'],
  [404, 'missing'],
  [405, 'refused'],
  [409, 'conflict'],
  [410, 'relist'],
  [422, 'refused'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
  [504, 'relist'],
  [0, 'retry'],
] as const)('status %i: %s', (status, remedy) => {
  expect(remedyFor(new KubeError('', status, ''))).toBe(remedy);
});

it('an error of any other kind is worth another try', () => {
  expect(remedyFor(new Error('x'))).toBe('retry');
});

const status = { kind: 'Status', reason: 'Expired', message: 'too old' };

it.each([
  ['a Status', JSON.stringify(status), 'Expired', 'GET /x: 410 too old'],
  ['a Status without a message', JSON.stringify({ kind: 'Status', reason: 'Expired' }), 'Expired', 'GET /x: 410 Expired'],
  ['anything else, of which it repeats nothing', JSON.stringify({ ...status, kind: 'Secret' }), '', 'GET /x: 410'],
  ['no JSON, of which it repeats nothing', '<html>too old</html>', '', 'GET /x: 410'],
])('is built from %s', (_name, body, reason, message) => {
  expect(errorFromAnswer('GET /x', 410, body)).toMatchObject({ status: 410, reason, message, retryAfterMs: undefined });
});

it.each([['3', 3_000], ['0', 0], ['Mon, 23 Nov 2026 12:00:00 GMT', undefined], [undefined, undefined]])('reads Retry-After %j as %j', (header, expected) => {
  expect(errorFromAnswer('GET /x', 429, '', header).retryAfterMs).toBe(expected);
});
