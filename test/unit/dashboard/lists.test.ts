import { expect, onTestFinished, test, vi } from 'vitest';
import { hear, readPods } from '../../../dashboard/api/lists.ts';
import type { PodFailure } from '../../../shared/contract/pods.ts';

const failure = (id: number, change: Partial<PodFailure> = {}) =>
  ({ id, pod_name: `web-${id}`, namespace: 'shop', status: 'new', ...change }) as PodFailure;

test('what is said while a list is read is in it, and nothing that was said before', async () => {
  const answer = Promise.withResolvers<Response>();
  vi.stubGlobal('fetch', () => answer.promise);
  onTestFinished(() => void vi.unstubAllGlobals());
  hear([{ type: 'pod_failure', data: failure(3) }]);
  const reading = readPods('failing');
  hear([{ type: 'pod_failure', data: failure(2) }]);
  hear([{ type: 'pod_status_change', data: failure(1, { status: 'resolved' }) }]);
  answer.resolve(Response.json([failure(1)]));
  expect((await reading).map(({ id }) => id)).toEqual([2]);
});
