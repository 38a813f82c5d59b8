import { expect, it, vi } from 'vitest';
import { LiveFeed } from '../../../backend/domain/live-feed.ts';
import { LiveRelay, type ReplicaChannel } from '../../../backend/domain/live-relay.ts';
import { createLogger } from '../../../shared/log.ts';
import { soon } from '../../fixtures/soon.ts';
import { findingReport, startBackend } from './harness.ts';

/** A relay whose channel is in the hands of the test. */
async function startRelay() {
  const { stores, sessions } = await startBackend();
  const feed = new LiveFeed();
  const sent: object[] = [];
  let listener: Parameters<ReplicaChannel['start']>[0] | undefined;
  const channel: ReplicaChannel = { send: (note) => sent.push(note), start: (given) => (listener = given), stop: async () => {} };
  const { podFailures, findings } = stores;
  const read = vi.spyOn(findings, 'findAll');
  new LiveRelay({ channel, feed, sessions, podFailures, findings, log: createLogger('backend', 'silent') }).start();
  const told: [string, unknown][] = [];
  feed.onTold(({ type, data }) => told.push([type, 'severity' in data ? data.severity : data]));
  let missed = 0;
  feed.onMissed(() => (missed += 1));
  return { feed, findings, read, sent, told, missed: () => missed, hear: (note: object) => listener!.onNote(note) };
}

it('reads a row again that was told about here while it was being read', async () => {
  const { feed, findings, read, hear, told } = await startRelay();
  feed.watched();
  const old = await findings.save(findingReport({ severity: 'low' }));
  read.mockImplementationOnce(async () => {
    feed.tell('security_finding', await findings.save(findingReport({ severity: 'critical' })));
    return [old];
  });
  hear({ type: 'security_finding', row: old.id });
  await vi.waitFor(() => expect(told).toEqual([['security_finding', 'critical'], ['security_finding', 'critical']]), soon);
});

it('names rows, and says nothing of what it has heard itself', async () => {
  const { feed, findings, sent, told, hear } = await startRelay();
  feed.watched();
  const finding = await findings.save(findingReport());
  feed.tell('security_finding', finding);
  feed.tell('credentials_change', {});
  feed.tell('pod_troubleshoot_updated', { pod_id: 7, solution: 'as long as a model likes' });
  feed.tell('security_rescan_request', {});
  const here = [
    { type: 'security_finding', row: finding.id },
    { type: 'pod_solution_updated', row: 7 },
    { type: 'security_rescan_request', data: {} },
  ];
  expect(sent).toEqual(here);
  for (const note of here) hear(note);
  await vi.waitFor(() => expect(told).toHaveLength(6), soon);
  expect(sent).toEqual(here);
});

it('tells nothing of rows that are gone or dismissed', async () => {
  const { feed, findings, told, hear } = await startRelay();
  feed.watched();
  const { id } = await findings.save(findingReport());
  await findings.dismiss(id, true);
  hear({ type: 'security_finding', row: id });
  hear({ type: 'pod_failure', row: 7 });
  hear({ type: 'account_change', data: {} });
  await vi.waitFor(() => expect(told).toEqual([['account_change', {}]]), soon);
});

it('reads nothing where nobody would be told', async () => {
  const { feed, read, told, hear } = await startRelay();
  feed.watched()();
  hear({ type: 'security_finding', row: 1 });
  hear({ type: 'security_rescan_request', data: {} });
  await vi.waitFor(() => expect(told).toEqual([['security_rescan_request', {}]]), soon);
  expect(read.mock.calls.flat(2)).toEqual([]);
});

it('says that something was missed where a row cannot be read', async () => {
  const { feed, read, missed, hear } = await startRelay();
  feed.watched();
  read.mockRejectedValueOnce(new Error('the database is away'));
  hear({ type: 'security_finding', row: 1 });
  await vi.waitFor(() => expect(missed()).toBe(1), soon);
});
