import { describe, expect, test } from 'vitest';
import { mergeFailure, mergeFindings, mergeTroubleshooting, removeFindings, removePod } from '../../../dashboard/api/merge.ts';
import type { PodFailure } from '../../../shared/contract/pods.ts';
import type { Finding } from '../../../shared/contract/security.ts';

const failure = (id: number, change: Partial<PodFailure> = {}) =>
  ({ id, pod_name: `web-${id}`, namespace: 'shop', status: 'new', ...change }) as PodFailure;
const finding = (id: number, change: Partial<Finding> = {}) =>
  ({ id, resource_name: `web-${id}`, namespace: 'shop', title: 'Runs as root', severity: 'high', ...change }) as Finding;

describe('a live message about a pod', () => {
  test('puts a new failure first', () => {
    expect(mergeFailure([failure(1)], 'failing', failure(2)).map(({ id }) => id)).toEqual([2, 1]);
  });

  test('replaces a known failure where it stands', () => {
    const merged = mergeFailure([failure(1), failure(2)], 'failing', failure(2, { status: 'investigating' }));
    expect(merged.map(({ id, status }) => [id, status])).toEqual([[1, 'new'], [2, 'investigating']]);
  });

  test('moves a dismissed failure from one view to the other', () => {
    const dismissed = failure(1, { status: 'ignored' });
    expect(mergeFailure([failure(1)], 'failing', dismissed)).toEqual([]);
    expect(mergeFailure([], 'ignored', dismissed)).toEqual([dismissed]);
  });

  test('puts an explanation from the logs to its failure, and to no other', () => {
    const news = { pod_id: 2, solution: 'mend it', solution_by: 'openai/small', generated_at: '2026-11-01T10:00:00.000Z', cached: false, log_aware: true as const };
    const merged = mergeTroubleshooting([failure(1), failure(2)], news);
    expect(merged).toMatchObject([failure(1), { id: 2, log_aware_solution: 'mend it', log_aware_solution_by: 'openai/small' }]);
    expect(merged[0]).not.toHaveProperty('log_aware_solution');
  });

  test('leaves a list alone that does not have the pod', () => {
    const list = [failure(1)];
    expect(removePod(list, { namespace: 'other', pod_name: 'web-1' })).toBe(list);
  });
});

describe('live messages about findings', () => {
  test('come together: known ones are replaced, new ones come first, the newest at the top', () => {
    const merged = mergeFindings([finding(1), finding(2)], [finding(2, { severity: 'low' }), finding(3), finding(4)]);
    expect(merged.map(({ id, severity }) => [id, severity])).toEqual([[4, 'high'], [3, 'high'], [1, 'high'], [2, 'low']]);
  });

  test('remove the one that is gone, and not what was found again in its place', () => {
    const list = [finding(1), finding(5, { resource_name: 'web-1' })];
    expect(removeFindings(list, new Set([1])).map(({ id }) => id)).toEqual([5]);
  });
});
