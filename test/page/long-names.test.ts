/** Names as long as Kubernetes lets them be, and reasons that nobody foresaw: nothing covers anything else, and no button goes out of sight. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp, type Visitor } from './visitor.ts';

const pod = {
  ...failingPod(0, Date.now()),
  pod_name: 'checkout'.repeat(30),
  namespace: 'shop'.repeat(15),
  failure_reason: 'ContainerOfThePodCannotBeStarted'.repeat(3),
  failure_message: 'm'.repeat(300),
};

const isWiderThanTheWindow = ({ page }: Visitor): Promise<boolean> => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');

test.each([
  { device: 'desktop', viewport: { width: 1440, height: 900 } },
  { device: 'phone', viewport: { width: 390, height: 844 } },
])('a long reason covers neither the name of its pod nor when it was, and its detail is no wider than a $device', async ({ viewport }) => {
  const backend = await startBackend();
  const admin = await signUp(backend, { viewport });
  await backend.service.report(pod);
  const row = admin.list('Pods').getByRole('button');
  const reason = (await row.getByText(pod.failure_reason).boundingBox())!;
  for (const other of [row.getByText(pod.pod_name), row.locator('time')]) {
    const { x, y, width, height } = (await other.boundingBox())!;
    const isBeside = reason.x + reason.width <= x || x + width <= reason.x;
    const isBelow = reason.y + reason.height <= y || y + height <= reason.y;
    expect(isBeside || isBelow).toBe(true);
  }
  await row.click();
  const detail = admin.page.getByRole('dialog', { name: pod.pod_name });
  await detail.getByText(pod.failure_message).waitFor();
  const widest = await detail.evaluate((dialog) => Math.max(...[...dialog.querySelectorAll('p, span, dd')].map((element) => element.getBoundingClientRect().right)));
  expect(widest).toBeLessThanOrEqual(viewport.width);
  expect(await isWiderThanTheWindow(admin)).toBe(false);
});

test('what is excluded by a long name can be taken from its list', async () => {
  const admin = await signUp(await startBackend(), { viewport: { width: 1440, height: 900 } });
  const [namespace, rule] = ['n'.repeat(63), `No CPU limit: ${'x'.repeat(100)}`];
  await admin.call('POST', '/api/admin/excluded-namespaces', { namespace });
  await admin.call('POST', '/api/admin/excluded-rules', { rule_title: rule, namespace });
  await admin.open('/suppressions', 'Suppressions');
  for (const name of [namespace, rule]) {
    const remove = admin.button(`Remove ${name}`);
    await remove.waitFor();
    const card = admin.page.getByRole('region').filter({ has: remove });
    const [button, around] = [(await remove.boundingBox())!, (await card.boundingBox())!];
    expect(button.x + button.width).toBeLessThan(around.x + around.width);
  }
  expect(await isWiderThanTheWindow(admin)).toBe(false);
});
