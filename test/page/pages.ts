/** Every page of the dashboard, by the address that opens it. */
import type { Role } from '../../shared/contract/accounts.ts';

export interface DashboardPage {
  /** Also the name of its pictures. */
  readonly name: string;
  readonly path: string;
  readonly heading: string;
  /** Who sees it, and all roles above. */
  readonly role: Role;
}

export const pages: readonly DashboardPage[] = [
  { name: 'failing-pods', path: '/pods', heading: 'Failing pods', role: 'read' },
  { name: 'ignored-pods', path: '/pods/ignored', heading: 'Failing pods', role: 'read' },
  { name: 'pod-history', path: '/pods/history', heading: 'Failing pods', role: 'read' },
  { name: 'findings', path: '/findings', heading: 'Security findings', role: 'read' },
  { name: 'dismissed-findings', path: '/findings/dismissed', heading: 'Security findings', role: 'read' },
  { name: 'account', path: '/account', heading: 'Account', role: 'read' },
  { name: 'nowhere', path: '/nowhere', heading: 'Page not found', role: 'read' },
  { name: 'suppressions', path: '/suppressions', heading: 'Suppressions', role: 'write' },
  { name: 'users', path: '/admin/users', heading: 'Users', role: 'admin' },
  { name: 'llm', path: '/admin/llm', heading: 'LLM', role: 'admin' },
  { name: 'notifications', path: '/admin/notifications', heading: 'Notifications', role: 'admin' },
  { name: 'credentials', path: '/admin/credentials', heading: 'Credentials', role: 'admin' },
];
