/** The operator's Role against what the API server logged: no request was forbidden, and no right was for nothing. */
import type { V1Role } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { auditOffset, readAudit, type AuditEvent } from '../../testbed/audit.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { Release } from '../../testbed/demo/release.ts';
import { isForbidden, requestOf, rightsOf, usedBy } from './rights-used.ts';

const release = new Release('e2e-rights', testBedTools());
const operator = `system:serviceaccount:${release.namespace}:kure-monitor-operator`;
let begin = 0;

/** Rights that this story does not use, and where they are used. */
const elsewhere = {
  'create pods/eviction *': 'a pod that starts with an older value: test/e2e/repair.test.ts',
};

const requests = async (): Promise<AuditEvent[]> => (await readAudit(begin)).events.filter(({ user }) => user.username === operator);
const dataOf = async (name: string): Promise<Record<string, string>> =>
  (await release.get<{ data?: Record<string, string> }>('secret', name)).data ?? {};
const remove = (name: string, key: string): Promise<string> =>
  release.kubectl(['patch', 'secret', name, '--type=json', '--patch', JSON.stringify([{ op: 'remove', path: `/data/${key}` }])]);
const isThere = async (name: string, key: string): Promise<void> => {
  await vi.waitFor(async () => expect(Object.keys(await dataOf(name))).toContain(key), { timeout: 60_000, interval: 200 });
};

beforeAll(async () => {
  begin = auditOffset();
  await release.install();
});
afterAll(() => release.remove());

test('the operator adopts, rotates and puts back with the Role that the chart renders', async () => {
  const client = new KubeClient(await connect(), 'kure-bootstrap-test');
  const { resourceVersion } = await editSecret(release, ['service-token', 'session-secret']);
  await followRotation(client, release, resourceVersion, () => {});

  await remove('kure-monitor-bootstrap', 'session-secret');
  await isThere('kure-monitor-bootstrap', 'session-secret');
  await remove('kure-monitor-encryption', 'encryption-key');
  await isThere('kure-monitor-encryption', 'encryption-key');
  // The same Warning a second time raises the count of the first one's Event.
  await remove('kure-monitor-bootstrap', 'session-secret');
  await isThere('kure-monitor-bootstrap', 'session-secret');
  await release.kubectl(['delete', 'secret', 'kure-monitor-bootstrap']);
  await isThere('kure-monitor-bootstrap', 'session-secret');
  const { phase } = await followRotation(client, release, resourceVersion, () => {});
  expect(phase).toBe('Stable');
});

test('none of its requests was forbidden', async () => {
  const events = await requests();
  expect(events.length).toBeGreaterThan(20);
  expect([...new Set(events.filter(isForbidden).map(requestOf))]).toEqual([]);
});

test('each right of its Role was used, but for those that are used elsewhere', async () => {
  const { rules = [] } = await release.get<V1Role>('role', 'kure-monitor-operator');
  const given = new Set(rightsOf(rules));
  const used = new Set((await requests()).flatMap((event) => usedBy(event, given)));
  expect([...given].filter((right) => !used.has(right))).toEqual(Object.keys(elsewhere));
});
