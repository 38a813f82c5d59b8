import { expect, it, vi } from 'vitest';
import { EventWriter, type Announcement } from '../../../../operator/act/events.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { KubeError } from '../../../../shared/kube/kube-error.ts';
import * as given from '../../../fixtures/given.ts';

const announcement: Announcement = {
  type: 'Warning',
  reason: 'PutBack',
  message: 'service-token was missing and was put back',
  action: 'WriteSource',
  regarding: { apiVersion: 'v1', kind: 'Secret', name: 'boot', namespace: 'monitoring', uid: 'uid-1' },
};
const minute = 60_000;

function writer() {
  let created = 0;
  const create = vi.fn<KubeClient['create']>(() => Promise.resolve({ metadata: { name: `boot.${(created += 1)}` } } as never));
  const patch = vi.fn<KubeClient['patch']>(() => Promise.resolve({} as never));
  return { events: new EventWriter({ create, patch } as unknown as KubeClient, 'operator-0'), create, patch };
}

it('writes an Event that says who, what, when and about which object', async () => {
  const { events, create } = writer();
  await events.write(announcement, given.now);
  expect(create.mock.calls).toEqual([
    [
      '/api/v1/namespaces/monitoring/events',
      expect.objectContaining({
        involvedObject: { apiVersion: 'v1', kind: 'Secret', name: 'boot', namespace: 'monitoring', uid: 'uid-1' },
        reason: 'PutBack',
        count: 1,
        firstTimestamp: '2026-11-23T12:00:00Z',
        lastTimestamp: '2026-11-23T12:00:00Z',
        reportingInstance: 'operator-0',
      }),
    ],
  ]);
});

it('raises the count of one that says the same within ten minutes of the last time', async () => {
  const { events, create, patch } = writer();
  for (const minutes of [0, 9, 18]) await events.write(announcement, given.now + minutes * minute);
  expect(create).toHaveBeenCalledTimes(1);
  expect(patch.mock.calls).toEqual([
    ['/api/v1/namespaces/monitoring/events/boot.1', 'merge', { count: 2, lastTimestamp: '2026-11-23T12:09:00Z' }],
    ['/api/v1/namespaces/monitoring/events/boot.1', 'merge', { count: 3, lastTimestamp: '2026-11-23T12:18:00Z' }],
  ]);
});

it.each<[string, Partial<Announcement>, number]>([
  ['ten minutes later', {}, 10 * minute],
  ['another message', { message: 'other words' }, 1],
  ['another reason', { reason: 'Generated' }, 1],
  ['another object', { regarding: { ...announcement.regarding, name: 'other' } }, 1],
])('begins a new Event for %s', async (_name, change, later) => {
  const { events, create, patch } = writer();
  await events.write(announcement, given.now);
  await events.write({ ...announcement, ...change }, given.now + later);
  expect([create.mock.calls.length, patch.mock.calls.length]).toEqual([2, 0]);
});

it('begins a new Event where the old one has expired, and goes on counting that one', async () => {
  const { events, create, patch } = writer();
  patch.mockRejectedValueOnce(new KubeError('PATCH: 404', 404, 'NotFound'));
  for (const minutes of [0, 1, 2]) await events.write(announcement, given.now + minutes * minute);
  expect(create).toHaveBeenCalledTimes(2);
  expect(patch.mock.lastCall?.[0]).toBe('/api/v1/namespaces/monitoring/events/boot.2');
});
