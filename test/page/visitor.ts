/** A person with a browser of their own. Whatever the browser complains about fails the test. */
import { chromium, type Browser, type BrowserContextOptions, type Page, type Request } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import type { Role } from '../../shared/contract/accounts.ts';
import { findCommand } from '../../testbed/requirements.ts';

export const password = 'correct horse battery staple';

let browser: Promise<Browser> | undefined;

/** One for all tests of a file. */
function launch(): Promise<Browser> {
  const executablePath = findCommand('chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed: run scripts/setup.');
  return chromium.launch({ executablePath });
}

afterAll(async () => (await browser)?.close());

export interface VisitOptions extends BrowserContextOptions {
  /** What the browser may complain about: the test makes it happen. */
  readonly expects?: RegExp;
  /** How long anything may take. */
  readonly patienceMs?: number;
}

export class Visitor {
  readonly page: Page;
  readonly complaints: string[] = [];
  readonly #underWay = new Set<Request>();

  constructor(page: Page, origin: string, expects: RegExp | undefined) {
    this.page = page;
    const complain = (what: string): void => {
      if (!expects?.test(what)) this.complaints.push(what);
    };
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !isAnswer(message.text(), message.location().url)) complain(message.text());
    });
    page.on('pageerror', (error) => complain(error.message));
    page.on('request', (request) => {
      this.#underWay.add(request);
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complain(`a request to ${request.url()}`);
    });
    for (const end of ['requestfinished', 'requestfailed'] as const) page.on(end as 'requestfinished', (request) => this.#underWay.delete(request));
  }

  async open(path: string, heading?: string): Promise<void> {
    await this.page.goto(path);
    if (heading !== undefined) await this.sees(heading);
  }

  /** Waits until the page with this title is there. */
  async sees(heading: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: heading }).waitFor();
  }

  /** Nothing is loading any more, and what came is painted. */
  async settled(): Promise<void> {
    do {
      await this.page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    } while (this.#underWay.size > 0);
  }

  /** A call of the API with this visitor's session, as the page makes it. Returns the status and the answer. */
  call(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly answer: unknown }> {
    return this.page.evaluate(
      async ({ method, path, body }) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(path, { method, ...(body && { headers, body: JSON.stringify(body) }) });
        const text = await response.text();
        return { status: response.status, answer: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text };
      },
      { method, path, body },
    );
  }

  button = (name: string) => this.page.getByRole('button', { name, exact: true });
  link = (name: string) => this.page.getByRole('link', { name, exact: true });
  field = (label: string) => this.page.getByLabel(label, { exact: true });
  text = (text: string | RegExp) => this.page.getByText(text);
  list = (label: string) => this.page.getByRole('list', { name: label, exact: true });

  async enter(username: string, secret = password): Promise<void> {
    await this.field('Username').fill(username);
    await this.field('Password').fill(secret);
    await this.button('Log in').click();
  }

  /** On the forms of a new account. */
  async create(username: string, secret = password, again = secret): Promise<void> {
    await this.field('Username').fill(username);
    await this.field('Password').fill(secret);
    await this.field('Password again').fill(again);
    await this.button('Create account').click();
  }
}

/** The browser notes every answer that is no success; the page deals with those of the API. */
const isAnswer = (text: string, url: string): boolean => text.startsWith('Failed to load resource') && new URL(url).pathname.startsWith('/api/');

/** Somebody who has never been here. */
export async function visit({ url }: { readonly url: string }, { expects, patienceMs = 20_000, ...options }: VisitOptions = {}): Promise<Visitor> {
  browser ??= launch();
  const context = await (await browser).newContext({ baseURL: url, locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(patienceMs);
  const visitor = new Visitor(await context.newPage(), url, expects);
  onTestFinished(async () => {
    await context.close();
    expect(visitor.complaints).toEqual([]);
  });
  return visitor;
}

/** Makes the first admin, whose name is `admin`, in the browser. */
export async function signUp(backend: { readonly url: string }, options?: VisitOptions): Promise<Visitor> {
  const admin = await visit(backend, options);
  await admin.open('/', 'Create the first admin');
  await admin.create('admin');
  await admin.sees('Failing pods');
  return admin;
}

/** Lets an admin invite somebody, who follows the link in a browser of their own. */
export async function invite(backend: { readonly url: string }, admin: Visitor, role: Role, username: string, options?: VisitOptions): Promise<Visitor> {
  const path = await invitation(admin, role);
  const guest = await visit(backend, options);
  await guest.open(path, 'Accept the invitation');
  await guest.create(username);
  await guest.sees('Failing pods');
  return guest;
}

/** Returns the path of the link. */
export async function invitation(admin: Visitor, role: Role): Promise<string> {
  const { answer } = await admin.call('POST', '/api/admin/invitations', { role });
  return (answer as { invite_url_path: string }).invite_url_path;
}
