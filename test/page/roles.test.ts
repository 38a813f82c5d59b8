/** Each role sees and can do exactly its part: by the pages, by everything that can be pressed, and by the access table. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { access, type Permission } from '../../backend/http/access.ts';
import { roles, type Role } from '../../shared/contract/accounts.ts';
import { startBackend } from './backend.ts';
import { pages } from './pages.ts';
import { furnish } from './situations.ts';
import { invite, signUp, type Visitor } from './visitor.ts';

const has = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

async function visitorOf(role: Role): Promise<Visitor> {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await furnish(backend.service, admin, { pods: 12, findings: 12 });
  return role === 'admin' ? admin : invite(backend, admin, role, 'visitor');
}

/** What the page has asked for since, as `GET /api/pods/failed 200`. */
function follow({ page }: Visitor): string[] {
  const asked: string[] = [];
  const note = (response: { url(): string; status(): number; request(): { method(): string } }): void => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith('/api/')) asked.push(`${response.request().method()} ${pathname} ${response.status()}`);
  };
  page.on('response', note);
  onTestFinished(() => void page.off('response', note));
  return asked;
}

/** The rows that are judged by a role, each with the role that it needs. */
const judged = (Object.entries(access) as [string, Permission][]).flatMap(([row, permission]) => {
  const needed = permission === 'service or read' ? 'read' : permission;
  return (roles as readonly string[]).includes(needed) ? [{ row, needed: needed as Role }] : [];
});

describe.each(roles)('role %s', (role) => {
  test('is shown the way to its pages, finds no other, and none asks for what is refused', async () => {
    const visitor = await visitorOf(role);
    const asked = follow(visitor);
    for (const { path, heading, role: needed } of pages) {
      await visitor.open(path, has(role, needed) ? heading : 'Page not found');
      await visitor.settled();
      const ways = await visitor.page.getByRole('navigation', { name: 'Main' }).getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      const hidden = new Set(pages.filter((page) => !has(role, page.role)).map((page) => page.path));
      const main = pages.filter((page) => page.role !== 'read' && has(role, page.role)).map((page) => page.path);
      expect(ways).toEqual(expect.arrayContaining(main));
      expect(ways.filter((way) => hidden.has(way ?? ''))).toEqual([]);
    }
    expect(asked.length).toBeGreaterThan(pages.length);
    expect(asked.filter((line) => / (401|403)$/.test(line))).toEqual([]);
  });

  test('is let in where the access table says so, and nowhere else', async () => {
    const visitor = await visitorOf(role);
    for (const { row, needed } of judged) {
      const [method = '', path = ''] = row.split(' ');
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
      const { status } = await visitor.call(method, path.replaceAll(/:\w+/g, '999999'), body);
      expect({ row, isRefused: status === 403 || status === 401 }).toEqual({ row, isRefused: !has(role, needed) });
    }
  });
});

/** Presses every button of a page and of the first detail that it opens, each once and on a fresh page. */
async function pressEverything(visitor: Visitor, path: string, heading: string): Promise<void> {
  for (const isDetail of [false, true]) {
    const pressed = new Set(['Close']);
    for (let found = true; found; ) {
      await visitor.open(path, heading);
      await visitor.settled();
      found = (!isDetail || (await openFirst(visitor))) && (await pressAnother(visitor, isDetail ? 'dialog' : 'main', pressed));
    }
  }
}

async function openFirst(visitor: Visitor): Promise<boolean> {
  const { page } = visitor;
  const first = page.getByRole('listitem').getByRole('button').first();
  if (!(await first.isVisible())) return false;
  await first.click();
  await page.getByRole('dialog').waitFor();
  await visitor.settled();
  return true;
}

/** Buttons are told apart by their names; those of a list only open details. */
async function pressAnother(visitor: Visitor, where: string, pressed: Set<string>): Promise<boolean> {
  for (const button of await visitor.page.locator(`${where} :not(li) > button:enabled`).all()) {
    const name = (await button.getAttribute('aria-label')) ?? (await button.innerText());
    if (pressed.has(name)) continue;
    pressed.add(name);
    await button.click();
    await answer(visitor);
    await visitor.settled();
    return true;
  }
  return false;
}

/** Says yes where a detail asks. */
async function answer({ page }: Visitor): Promise<void> {
  const yes = page.locator('dialog dialog footer button').last();
  if (await yes.isVisible()) await yes.click();
}

/** Each press is on a page of its own. */
const timeout = 10 * 60_000;

test.each(['read', 'write'] as const)('whatever role %s presses, nothing is asked for that it may not have', { timeout }, async (role) => {
  const visitor = await visitorOf(role);
  const asked = follow(visitor);
  for (const { path, heading } of pages.filter((page) => has(role, page.role))) await pressEverything(visitor, path, heading);
  expect(asked.filter((line) => / (401|403)$/.test(line))).toEqual([]);
  const writes = asked.filter((line) => !line.startsWith('GET ')).map((line) => line.replace(/\/\d+\b/, '/N'));
  expect(new Set(writes)).toEqual(new Set(writesOf[role]));
});

const writesOf = {
  read: [],
  write: [
    'PATCH /api/pods/failed/N/status 200',
    'DELETE /api/pods/failed/N 200',
    'POST /api/pods/failed/N/retry-solution 200',
    'POST /api/pods/failed/N/troubleshoot 502',
    'DELETE /api/pods/records/N 200',
    'PUT /api/pods/ignored/N/restore 200',
    'POST /api/security/rescan 200',
    'DELETE /api/security/findings/N 200',
    'POST /api/security/findings/N/fix 200',
    'PUT /api/security/findings/N/restore 200',
    'DELETE /api/admin/excluded-namespaces/sandbox 200',
    'DELETE /api/admin/excluded-pods/load-test-0 200',
    'DELETE /api/admin/excluded-rules/No%20CPU%20limit 200',
    'DELETE /api/admin/trusted-registries/registry.example.com 200',
  ],
};
