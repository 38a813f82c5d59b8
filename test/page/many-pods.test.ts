/** A rotation of a workload with a pod on each of many nodes. */
import { expect, test } from 'vitest';
import type { Credentials } from '../../shared/contract/credentials.ts';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

const many = 300;
/** The operator names the first of them. */
const holders = Array.from({ length: 100 }, (_, index) => `agent-${index}x`);

const now = new Date().toISOString();

const answer: Credentials = {
  operator: 'present',
  verifier: { instance: 'backend-1', startedAt: now, now, accepted: [], unnamed: 0, uses: [], refused: [] },
  status: {
    phase: 'Presenting',
    waitingFor: [],
    failures: [],
    requests: {},
    keys: {},
    workloads: [{ workload: 'DaemonSet/agent', role: 'presenter', reads: ['service-token'], old: many, new: 0, ready: many, desired: many, holders }],
    history: [],
  },
};

test('of the names of many old pods the first are shown, and how many there are beside', async () => {
  const admin = await signUp(await startBackend());
  await admin.page.route('**/api/admin/credentials', (route) => route.fulfill({ json: answer }));
  await admin.open('/admin/credentials', 'Credentials');
  const row = admin.page.getByRole('row').filter({ hasText: 'agent-0x, agent-1x' });
  expect(await row.innerText()).toContain('agent-39x and 260 more');
  expect((await row.boundingBox())!.height).toBeLessThan(400);
});
