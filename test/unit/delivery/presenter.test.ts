/** What a presenter tells of itself when its watch is dead, and makes good when it had more to tell than it could keep. */
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../shared/clock.ts';
import { BackendLink } from '../../../shared/delivery/backend-link.ts';
import { presenterMetrics } from '../../../shared/delivery/presenter-metrics.ts';
import { whyNotLive } from '../../../shared/delivery/presenter.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog } from './collected-log.ts';

const minutes = (count: number) => count * 60_000;
const stats = { lists: 1, watches: 3, failures: 2, missed: 4, lastContactAt: minutes(10) };

it('is to be restarted when the API server has said nothing for 15 minutes, or since the start', () => {
  expect(whyNotLive(stats, minutes(1), minutes(24))).toBeUndefined();
  expect(whyNotLive(stats, minutes(1), minutes(25))).toBe('the API server has said nothing for 15 minutes');
  const silent = { ...stats, lastContactAt: 0 };
  expect(whyNotLive(silent, minutes(100), minutes(114))).toBeUndefined();
  expect(whyNotLive(silent, minutes(100), minutes(115))).toBeDefined();
});

function givenLink(compare: () => Promise<void> = async () => {}): BackendLink {
  return new BackendLink({
    baseUrl: 'http://127.0.0.1:9',
    token: 'a-token',
    suppressions: { what: 'nothing', task: async () => {} },
    comparison: { what: 'both lists', task: compare },
    suppressionChanges: new Set(),
    clock: systemClock,
    log: collectLog().log,
  });
}

it('compares at once, not in ten minutes, when more was to be told than the line holds', async () => {
  let comparisons = 0;
  const { comparison, delivery } = givenLink(async () => void (comparisons += 1));
  onTestFinished(() => comparison.stop());
  comparison.start();
  await comparison.done();
  for (let n = 0; n < 5_010; n += 1) delivery.send({ key: String(n), requests: () => [] });
  await expect.poll(() => comparisons, soon).toBe(2);
  expect(delivery.stats.dropped).toBeGreaterThan(0);
});

it('shows when the API server last said anything, and what the watch has missed', async () => {
  const text = await presenterMetrics(givenLink(), stats).metrics();
  expect(text).toContain('\nkure_presenter_contact_timestamp_seconds 600\n');
  expect(text).toContain('\nkure_presenter_watch_missed_changes 4\n');
});
