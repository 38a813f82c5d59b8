import { expect, it } from 'vitest';
import { follow } from '../../../../operator/cli/follow.ts';
import { systemClock } from '../../../../shared/clock.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';

/** Answers nobody until it is given up. */
const silent = {
  get: (_path: string, _query: object, _deadlineMs: number, signal: AbortSignal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('given up')));
    }),
} as unknown as KubeClient;

it('a wait that begins after a person has ended the program is none', async () => {
  const release = { namespace: 'ns', rotationConfigMap: 'r-rotation' };
  const following = { client: silent, release, clock: systemClock, signal: AbortSignal.abort(new Error('stopped by SIGINT')) };
  await expect(follow(following, { onStatus: () => {}, until: () => true })).rejects.toThrow('the operator goes on by itself');
}, 5_000);
