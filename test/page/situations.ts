/** Everything that the dashboard can show with the backend alone: pages, details, dialogs, and what strangers see. */
import { pages } from './pages.ts';
import type { Service } from './service.ts';
import { failingPod } from './seed/failing-pods.ts';
import { invitation, password, type Visitor } from './visitor.ts';

export interface Situation {
  readonly name: string;
  readonly isOnPhonesOnly?: true;
  /** Brings a visitor there. */
  readonly show: (visitor: Visitor) => Promise<void>;
}

/** Brings a visitor there from anywhere, with a backend that is sound again. */
export async function present(visitor: Visitor, { show }: Situation): Promise<void> {
  await visitor.page.unrouteAll({ behavior: 'ignoreErrors' });
  await show(visitor);
}

const everyPage: readonly Situation[] = pages.map(({ name, path, heading }) => ({
  name,
  show: async (visitor) => {
    await visitor.open(path, heading);
    await visitor.settled();
  },
}));

/** What an admin sees as long as nothing was reported and nothing is set. */
export const emptySituations: readonly Situation[] = everyPage.map(({ name, show }) => ({ name: `empty-${name}`, show }));

/** What an admin sees. */
export const insideSituations: readonly Situation[] = [
  ...everyPage,
  {
    name: 'menu',
    isOnPhonesOnly: true,
    show: async (visitor) => {
      await visitor.open('/pods', 'Failing pods');
      await visitor.button('Open menu').click();
      await visitor.link('Users').waitFor();
    },
  },
  ...(['pods', 'pods/ignored', 'pods/history'] as const).map((path) => ({
    name: `${path.replace('/', '-')}-detail`,
    show: async (visitor: Visitor) => {
      await visitor.open(`/${path}`, 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.page.getByRole('dialog').waitFor();
      await visitor.settled();
    },
  })),
  {
    name: 'delete-record',
    show: async (visitor) => {
      await visitor.open('/pods/history', 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.button('Delete record').click();
      await visitor.page.getByRole('heading', { name: 'Delete this record?' }).waitFor();
    },
  },
  {
    name: 'log-out-elsewhere',
    show: async (visitor) => {
      await visitor.open('/account', 'Account');
      const login = JSON.stringify({ username: 'admin', password });
      await fetch(new URL('/api/auth/login', visitor.page.url()), { method: 'POST', headers: { 'content-type': 'application/json' }, body: login });
      await visitor.button('Log out everywhere else').click();
      await visitor.page.getByRole('heading', { name: 'Log out everywhere else?' }).waitFor();
    },
  },
  {
    name: 'pods-detail-logs',
    show: async (visitor) => {
      await visitor.open('/pods', 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.page.getByRole('region', { name: 'Manifest' }).scrollIntoViewIfNeeded();
      await visitor.settled();
    },
  },
  {
    name: 'pods-detail-captured-logs',
    show: async (visitor) => {
      await visitor.open('/pods', 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.page.getByRole('region', { name: /^Captured logs of / }).scrollIntoViewIfNeeded();
      await visitor.settled();
    },
  },
  {
    name: 'finding-detail',
    show: async (visitor) => {
      await visitor.open('/findings', 'Security findings');
      await visitor.list('Findings').getByRole('button').first().click();
      await visitor.page.getByRole('dialog').waitFor();
      await visitor.settled();
    },
  },
  {
    name: 'nothing-matches',
    show: async (visitor) => {
      await visitor.open('/pods', 'Failing pods');
      await visitor.field('Search pods').fill('no such pod');
      await visitor.text('No pod matches').waitFor();
    },
  },
  {
    name: 'delete-user',
    show: async (visitor) => {
      await visitor.open('/admin/users', 'Users');
      await visitor.page.getByRole('button', { name: /^Delete / }).first().click();
      await visitor.page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'reset-password-of-user',
    show: async (visitor) => {
      await visitor.open('/admin/users', 'Users');
      await visitor.page.getByRole('button', { name: /^Reset password of / }).first().click();
      await visitor.page.getByRole('dialog').waitFor();
    },
  },
  ...([['llm', 'LLM'], ['notifications', 'Notifications']] as const).map(([page, heading]) => ({
    name: `delete-${page}`,
    show: async (visitor: Visitor) => {
      await visitor.open(`/admin/${page}`, heading);
      await visitor.button('Delete').click();
      await visitor.page.getByRole('dialog').waitFor();
    },
  })),
  {
    name: 'invite-link',
    show: async (visitor) => {
      await visitor.open('/admin/users', 'Users');
      await visitor.button('Invite').click();
      await visitor.page.getByRole('dialog').waitFor();
    },
  },
];

/** What somebody sees who is not logged in; `invited` is the path of an invitation that is open. */
export const outsideSituations = (invited: string): readonly Situation[] => [
  { name: 'login', show: (visitor) => visitor.open('/', 'Log in') },
  { name: 'invitation', show: (visitor) => visitor.open(invited, 'Accept the invitation') },
  { name: 'dead-invitation', show: (visitor) => visitor.open('/invite/no-such-token', 'This invitation cannot be used') },
  { name: 'password-reset', show: (visitor) => visitor.open('/reset-password/no-such-token', 'Set a new password') },
];

/** Fills the backend, so that no page is empty. */
export async function furnish(service: Service, admin: Visitor, { pods, findings }: { readonly pods: number; readonly findings: number }): Promise<void> {
  await service.reportPods(pods);
  await service.findMany(findings);
  for (const index of [1, 4]) await service.recovered(failingPod(index, 0));
  const calls: [method: string, path: string, body?: object][] = [
    ['DELETE', '/api/pods/failed/3'],
    ['DELETE', '/api/pods/failed/5'],
    ['DELETE', '/api/security/findings/7'],
    ['POST', '/api/admin/excluded-namespaces', { namespace: 'sandbox' }],
    ['POST', '/api/admin/excluded-pods', { pod_name: 'load-test-0' }],
    ['POST', '/api/admin/excluded-rules', { rule_title: 'No CPU limit' }],
    ['POST', '/api/admin/trusted-registries', { registry: 'registry.example.com' }],
    // An address that the backend does not connect to, so that nothing of a test leaves the machine.
    ['POST', '/api/admin/llm/config', { provider: 'openai', api_key: 'sk-not-a-real-key', model: null, base_url: 'https://127.0.0.1:9/v1' }],
    ['POST', '/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url: 'https://hooks.slack.com/services/T0/B0/x' } }],
  ];
  for (const [method, path, body] of calls) {
    const { status } = await admin.call(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status}`);
  }
  for (const [role, username] of [['read', 'lin'], ['write', 'amara'], ['admin', 'jonas']] as const) {
    const token = (await invitation(admin, role)).split('/').at(-1);
    // In a page of its own the answer's cookie would replace the admin's.
    const answer = await fetch(new URL('/api/auth/accept-invitation', admin.page.url()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, username, password: 'a long enough password' }),
    });
    if (!answer.ok) throw new Error(`${username} cannot be made: ${answer.status}`);
  }
}
