/** What an admin sees of a rotation, in Chromium, on a release under traffic. */
import { expect, test } from 'vitest';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { wayIn } from '../fixtures/way-in.ts';
import { signUp } from '../page/visitor.ts';
import { liveRelease } from './live-release.ts';

const live = liveRelease('e2e-dashboard', ['--set', 'operator.extraWorkloads={deployment/traffic}']);

interface Seen {
  readonly step: string;
  /** The cells of the workloads' table, line by line. */
  readonly workloads: readonly string[];
}

/** Runs in the page: notes what it shows whenever that changes. */
const watch = `(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.innerText.replaceAll(/\\s+/g, ' ').trim());
  window.seen = [];
  const note = () => {
    const [step = ''] = texts('[aria-label="Steps of a rotation"] [aria-current="step"]');
    const workloads = texts('section[aria-label="Workloads"] tbody tr');
    const last = window.seen.at(-1);
    if (JSON.stringify(last) !== JSON.stringify({ step, workloads })) window.seen.push({ step, workloads });
  };
  note();
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

test('a rotation is watched from its start to its end, while the backend that shows it restarts', async () => {
  const url = await wayIn(live.release, 'kure-monitor-backend');
  // The WebSocket is cut when the pod behind it ends.
  const admin = await signUp({ url }, { expects: /^WebSocket connection|ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load resource/ });
  await admin.open('/admin/credentials', 'Credentials');
  const { page } = admin;
  const presenters = page.getByRole('region', { name: 'Presenters of the service token' });
  const generations = page.getByRole('region', { name: 'Generations' });
  await admin.text('No rotation runs').waitFor();
  await presenters.getByRole('row').nth(1).waitFor();
  const before = await generations.getByRole('row').filter({ hasText: 'service-token' }).getByRole('cell').first().innerText();
  const { items } = await live.release.get<{ items: { metadata: { name: string } }[] }>('pods', '-l', 'app.kubernetes.io/component=agent');
  const oldPod = items[0]!.metadata.name;
  await page.evaluate(watch);

  const { resourceVersion } = await editSecret(live.release, ['service-token']);
  await presenters.getByText('old', { exact: true }).first().waitFor();
  await followRotation(live.client, live.release, resourceVersion, () => undefined);
  await admin.text('No rotation runs').waitFor();

  const seen = await page.evaluate<Seen[]>('window.seen');
  const steps = seen.map(({ step }) => step).filter((step, index, all) => step !== '' && step !== all[index - 1]);
  expect(steps.at(-1)).toBe('Stable');
  expect(steps).toEqual(expect.arrayContaining(['Verifying', 'Presenting']));
  const agent = seen.flatMap(({ workloads }) => workloads.filter((line) => line.startsWith('DaemonSet/kure-monitor-agent')));
  expect(agent.some((line) => line.includes(oldPod))).toBe(true);
  expect(agent.at(-1)).not.toContain(oldPod);

  const after = await generations.getByRole('row').filter({ hasText: 'service-token' }).getByRole('cell').first().innerText();
  expect(after).not.toBe(before);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByRole('row').filter({ hasText: after }).getByText(/^\d+ s$/).waitFor();
  await history.getByText('kubectl-edit').first().waitFor();
  await presenters.getByText('old', { exact: true }).first().waitFor({ state: 'detached' });

  const values = await live.release.get<{ data: Record<string, string> }>('secret', 'kure-monitor-bootstrap');
  const shown = await page.content();
  for (const value of Object.values(values.data)) expect(shown).not.toContain(Buffer.from(value, 'base64').toString());
});
