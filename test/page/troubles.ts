/** What is shown while the backend is slow, refuses, or is away; answers that a sound backend never gives are put in its place. */
import type { Route } from 'playwright-core';
import type { Situation } from './situations.ts';
import type { Visitor } from './visitor.ts';

const answer = (status: number) => (route: Route) => route.fulfill({ status, contentType: 'application/json', body: '{}' });
const away = (route: Route) => route.abort('connectionrefused');
const never = () => undefined;

/** Until the next situation. */
const put = ({ page }: Visitor, path: string, instead: (route: Route) => unknown): Promise<unknown> => page.route(`**${path}`, instead);

/** An answer that does not come, or not as it should, for each list. */
const listTroubles: readonly Situation[] = (
  [
    ['pods-loading', '/pods', 'Failing pods', '/api/pods/failed', never],
    ['pods-failed', '/pods', 'Failing pods', '/api/pods/failed', answer(500)],
    ['findings-unreachable', '/findings', 'Security findings', '/api/security/findings', away],
    ['suppressions-not-ready', '/suppressions', 'Suppressions', '/api/admin/excluded-*', answer(503)],
    ['sessions-loading', '/account', 'Account', '/api/auth/sessions', never],
    ['sessions-failed', '/account', 'Account', '/api/auth/sessions', answer(500)],
    ['users-failed', '/admin/users', 'Users', '/api/admin/{users,invitations}', answer(500)],
    ['llm-failed', '/admin/llm', 'LLM', '/api/admin/llm/status', answer(503)],
    ['notifications-failed', '/admin/notifications', 'Notifications', '/api/admin/notifications', answer(503)],
    ['credentials-failed', '/admin/credentials', 'Credentials', '/api/admin/credentials', answer(500)],
  ] as const
).map(([name, path, heading, api, instead]) => ({
  name,
  show: async (visitor) => {
    await put(visitor, api, instead);
    await visitor.open(path, heading);
    await (instead === never ? visitor.page.getByRole('status', { name: 'Loading' }) : visitor.page.getByRole('alert').first()).waitFor();
  },
}));

export const insideTroubles: readonly Situation[] = [
  ...listTroubles,
  {
    name: 'live-lost',
    show: async (visitor) => {
      let isCut = true;
      await visitor.page.routeWebSocket('/ws', (socket) => void (isCut ? socket.close() : socket.connectToServer()));
      await visitor.open('/pods', 'Failing pods');
      await visitor.text('Live updates are lost.').waitFor();
      await visitor.settled();
      visitor.page.once('framenavigated', () => (isCut = false));
    },
  },
  {
    name: 'not-logged-out',
    isOnPhonesOnly: true,
    show: async (visitor) => {
      await put(visitor, '/api/auth/logout', away);
      await visitor.open('/pods', 'Failing pods');
      await visitor.button('Open menu').click();
      await visitor.button('Log out').click();
      await visitor.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'not-deleted',
    show: async (visitor) => {
      await put(visitor, '/api/admin/users/*', away);
      await visitor.open('/admin/users', 'Users');
      await visitor.page.getByRole('button', { name: /^Delete / }).first().click();
      await visitor.button('Delete').click();
      await visitor.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'not-dismissed',
    show: async (visitor) => {
      await put(visitor, '/api/pods/failed/*', away);
      await visitor.open('/pods', 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.button('Dismiss').click();
      await visitor.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'not-explained',
    show: async (visitor) => {
      await visitor.open('/pods', 'Failing pods');
      await visitor.list('Pods').getByRole('button').first().click();
      await visitor.button('Explain').click();
      await visitor.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'address-not-allowed',
    show: async (visitor) => {
      await visitor.open('/admin/notifications', 'Notifications');
      const webhook = visitor.page.getByRole('region', { name: 'Webhook' });
      await webhook.getByLabel('Webhook URL').fill('http://127.0.0.1/hook');
      await webhook.getByRole('button', { name: 'Save' }).click();
      await webhook.getByRole('alert').waitFor();
    },
  },
  {
    name: 'password-mistakes',
    show: async (visitor) => {
      await visitor.open('/account', 'Account');
      await visitor.field('Current password').fill('wrong');
      await visitor.field('New password').fill('short');
      await visitor.field('New password again').fill('other');
      await visitor.button('Change password').click();
      await visitor.text('The two passwords differ.').waitFor();
    },
  },
];

export const outsideTroubles = (invited: string): readonly Situation[] => [
  {
    name: 'backend-away',
    show: async (visitor) => {
      await put(visitor, '/api/auth/*', away);
      await visitor.open('/');
      await visitor.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'account-mistakes',
    show: async (visitor) => {
      await visitor.open(invited, 'Accept the invitation');
      await visitor.create('x', 'short', 'other');
      await visitor.text('Give at least 8 characters.').waitFor();
    },
  },
  {
    name: 'wrong-password',
    show: async (visitor) => {
      await visitor.open('/', 'Log in');
      await visitor.enter('nobody', 'not the password');
      await visitor.page.getByRole('alert').filter({ hasText: 'Invalid' }).waitFor();
    },
  },
  {
    name: 'throttled-login',
    show: async (visitor) => {
      await visitor.open('/', 'Log in');
      for (let tries = 0; tries < 6; tries += 1) {
        const answered = visitor.page.waitForResponse('**/api/auth/login');
        await visitor.enter('somebody', 'not the password');
        if ((await answered).status() === 429) break;
      }
      await visitor.page.getByRole('button', { name: /^Try again in/ }).waitFor();
    },
  },
];
