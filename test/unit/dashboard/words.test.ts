import { expect, test } from 'vitest';
import { problemOf } from '../../../dashboard/api/problem.ts';
import { passwordMistakes } from '../../../dashboard/auth/new-account.ts';
import { ago, duration } from '../../../dashboard/design/format.ts';
import { filterFindings } from '../../../dashboard/security/filter-findings.ts';
import type { Finding } from '../../../shared/contract/security.ts';

const finding = (title: string, severity: string) =>
  ({ title, severity, resource_type: 'Pod', resource_name: 'web', namespace: 'shop' }) as Finding;

test('ages are told in the largest unit that fits', () => {
  const minute = 60_000;
  expect([ago(0, 20_000), ago(0, minute), ago(0, 125 * minute), ago(0, 50 * 60 * minute)]).toEqual([
    'just now',
    '1 minute ago',
    '2 hours ago',
    '2 days ago',
  ]);
});

test('durations keep the second unit as long as it matters', () => {
  expect([duration(4_400), duration(125_000), duration(120_000), duration(3_660_000)]).toEqual(['4 s', '2 min 5 s', '2 min', '1 h 1 min']);
});

test('an error says what the backend said, as a sentence', () => {
  expect(problemOf(409, { message: 'Username already taken' }, null).message).toBe('Username already taken.');
});

test('an error without words of the backend says what to do', () => {
  expect(problemOf(403, undefined, null).message).toBe('Your role does not allow this. Ask an admin for another role.');
});

test('a throttled login knows how long to wait', () => {
  expect(problemOf(429, undefined, '17').retryAfterSeconds).toBe(17);
});

test('a short password and two different ones are both said', () => {
  expect(Object.keys(passwordMistakes({ password: 'short', again: 'other' }))).toEqual(['password', 'again']);
});

test('findings are shown worst first, and only those that match all words', () => {
  const findings = [finding('Runs as root', 'low'), finding('Runs privileged', 'critical'), finding('No limits', 'high')];
  expect(filterFindings(findings, 'RUNS shop').map(({ severity }) => severity)).toEqual(['critical', 'low']);
});
