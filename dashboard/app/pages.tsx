/** Which page has which address, and who may see it. Each is loaded when it is first opened. */
import { Compass } from 'lucide-react';
import { lazy, type ReactNode } from 'react';
import { Link, Redirect, Route, Switch } from 'wouter';
import type { Role } from '../../shared/contract/accounts.ts';
import { Empty } from '../design/states.tsx';
import { Page } from '../design/page.tsx';
import { useMay } from './session.tsx';

const PodsPage = lazy(() => import('../pods/pods-page.tsx'));
const FindingsPage = lazy(() => import('../security/findings-page.tsx'));
const SuppressionsPage = lazy(() => import('../suppressions/suppressions-page.tsx'));
const UsersPage = lazy(() => import('../admin/users-page.tsx'));
const LlmPage = lazy(() => import('../admin/llm-page.tsx'));
const NotificationsPage = lazy(() => import('../admin/notifications-page.tsx'));
const CredentialsPage = lazy(() => import('../credentials/credentials-page.tsx'));
const AccountPage = lazy(() => import('../account/account-page.tsx'));

export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/pods" replace />
      </Route>
      <Route path="/pods">
        <PodsPage key="failing" view="failing" />
      </Route>
      <Route path="/pods/ignored">
        <PodsPage key="ignored" view="ignored" />
      </Route>
      <Route path="/pods/history">
        <PodsPage key="history" view="history" />
      </Route>
      <Route path="/findings">
        <FindingsPage key="open" view="open" />
      </Route>
      <Route path="/findings/dismissed">
        <FindingsPage key="dismissed" view="dismissed" />
      </Route>
      <Route path="/account">
        <AccountPage />
      </Route>
      <Route path="/suppressions">
        <For role="write">
          <SuppressionsPage />
        </For>
      </Route>
      <Route path="/admin/users">
        <For role="admin">
          <UsersPage />
        </For>
      </Route>
      <Route path="/admin/llm">
        <For role="admin">
          <LlmPage />
        </For>
      </Route>
      <Route path="/admin/notifications">
        <For role="admin">
          <NotificationsPage />
        </For>
      </Route>
      <Route path="/admin/credentials">
        <For role="admin">
          <CredentialsPage />
        </For>
      </Route>
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  );
}

/** A page that a role may not see is not there for it. */
function For({ role, children }: { readonly role: Role; readonly children: ReactNode }) {
  return useMay(role) ? children : <Nowhere />;
}

function Nowhere() {
  return (
    <Page title="Page not found">
      <Empty icon={<Compass />} title="There is nothing here for you">
        The address may be wrong, or your role does not show this page. <Link href="/pods">Go to the failing pods</Link>.
      </Empty>
    </Page>
  );
}
