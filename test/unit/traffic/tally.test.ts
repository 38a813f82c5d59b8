import { expect, test } from 'vitest';
import type { Row } from '../../../testbed/traffic/counts-store.ts';
import { noCounts, sum } from '../../../testbed/traffic/counts.ts';
import { stopTraffic, tally, waitForAccepted } from '../../../testbed/demo/counts.ts';
import type { Release } from '../../../testbed/demo/release.ts';

const row = (change: Partial<Row>): Row => ({ ...noCounts, pod: 'traffic-1', startedAt: '2026-11-23T10:00:00.000Z', settled: 0, finished: false, ...change });

/** Shows these counts one after the other, and an error where there is none. */
function showing(...shown: readonly (readonly Row[] | Error)[]): Release {
  const left = [...shown];
  const kubectl = async ([verb]: readonly string[]) => {
    if (verb !== 'get') return '';
    const next = left.shift();
    if (next === undefined) throw new Error('nothing more is shown');
    if (next instanceof Error) throw next;
    return JSON.stringify({ sum: sum(next), pods: next });
  };
  return { namespace: 'shop', kubectl } as Release;
}

const noneIsReady = new Error('Error from server (ServiceUnavailable): no endpoints available for service "traffic:counts"');

test('a report that hangs is waited for, however many later ones are answered', async () => {
  const release = showing(
    [row({ sent: 10, settled: 7, accepted: 9 })],
    [row({ sent: 90, settled: 7, accepted: 89 })],
    [row({ sent: 99, settled: 99, accepted: 98, unanswered: { ETIMEDOUT: 1 } })],
  );
  expect(await tally(release)).toMatchObject({ sent: 99, accepted: 98, failed: 1, causes: { ETIMEDOUT: 1 } });
});

test('one of an older pod is waited for, too, and none of a pod that has come meanwhile', async () => {
  const older = row({ pod: 'traffic-0', sent: 10, settled: 4, accepted: 9 });
  const release = showing([older], [older, row({ sent: 50, settled: 50, accepted: 50 })], [{ ...older, settled: 10, accepted: 10 }, row({ sent: 60, settled: 3, accepted: 59 })]);
  expect(await tally(release)).toMatchObject({ accepted: 69, failed: 0 });
});

test('while no traffic pod is ready one is waited for', async () => {
  const release = showing(noneIsReady, [row({ accepted: 5 })], noneIsReady, [row({ accepted: 6 })], [row({ accepted: 10 })]);
  await waitForAccepted(release, 5);
  await expect(waitForAccepted(release, 5)).rejects.toThrow('nothing more is shown');
});

test('any other failure is told at once', async () => {
  await expect(tally(showing(new Error('the Service is gone'), []))).rejects.toThrow('the Service is gone');
});

test('the traffic has stopped when all pods but the newest have ended in order', async () => {
  const older = row({ pod: 'traffic-0', sent: 10, settled: 9, accepted: 9 });
  const release = showing([older, row({})], [{ ...older, settled: 10, finished: true, accepted: 10 }, row({})]);
  expect(await stopTraffic(release)).toMatchObject({ sent: 10, accepted: 10 });
});
