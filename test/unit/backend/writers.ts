/** Clients that write without pause, each kind of thing that agents, scanners and people write. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asService, findingReport, podReport, tokenA } from './harness.ts';
import { password } from './people.ts';

/** Where each kind is found again, as a list of names. */
const lists = {
  reported: `select pod_name as name from pod_failures`,
  ignored: `select pod_name as name from pod_failures where status = 'ignored'`,
  found: `select title as name from security_findings`,
  excluded: `select pod_name as name from excluded_pods`,
} as const;
type Kind = keyof typeof lists;
const kinds = Object.keys(lists) as Kind[];

const clients = 8;

export class Writers {
  /** Of the backend, which may be another one after a while. */
  port: number;
  /** Names of what was answered 200. */
  readonly answered: Readonly<Record<Kind, string[]>> = { reported: [], ignored: [], found: [], excluded: [] };
  /** Statuses of all other answers. */
  readonly refused = new Set<number>();
  #cookie = '';

  constructor(port: number) {
    this.port = port;
  }

  get count(): number {
    return kinds.reduce((sum, kind) => sum + this.answered[kind].length, 0);
  }

  /** Makes the first admin. */
  async signUp(): Promise<void> {
    const { cookie } = await this.#send('POST', '/api/auth/signup', { username: 'admin', password });
    this.#cookie = cookie;
  }

  /** Until it is stopped; names begin with the prefix. */
  async write(prefix: string, stop: AbortSignal): Promise<void> {
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        // The list of exclusions is read after each change of it, so that one client that adds to it is enough.
        for (let turn = 0; !stop.aborted; turn += 1) {
          if (!(await this.#writeAll(`${prefix}-${client}-${turn}`, client === 0))) await sleep(10);
        }
      }),
    );
  }

  /** What was answered 200 and is not there. `read` returns the rows of a statement. */
  async missing(read: (statement: string) => Promise<readonly unknown[]>): Promise<string[]> {
    const missing: string[] = [];
    for (const kind of kinds) {
      const stored = new Set(((await read(lists[kind])) as { name: string }[]).map(({ name }) => name));
      missing.push(...this.answered[kind].filter((name) => !stored.has(name)).map((name) => `${kind} ${name}`));
    }
    console.log(`${this.count} answers of 200, ${missing.length} of them not found`);
    return missing;
  }

  /** One of each kind, one after the other; false as soon as one was not answered 200. */
  async #writeAll(name: string, excludes: boolean): Promise<boolean> {
    const reported = await this.#keep('reported', name, 'POST', '/api/pods/failed', podReport({ pod_name: name }));
    const { id } = (reported ?? {}) as { id?: number };
    return Boolean(
      id !== undefined &&
        (await this.#keep('ignored', name, 'DELETE', `/api/pods/failed/${id}`)) &&
        (await this.#keep('found', name, 'POST', '/api/security/findings', findingReport({ title: name }))) &&
        (!excludes || (await this.#keep('excluded', `x-${name}`, 'POST', '/api/admin/excluded-pods', { pod_name: `x-${name}` }))),
    );
  }

  /** The body of an answer with 200. */
  async #keep(kind: Kind, name: string, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.#send(method, path, body).catch(() => undefined);
    if (answer?.status === 200) this.answered[kind].push(name);
    else if (answer) this.refused.add(answer.status);
    return answer?.status === 200 ? answer.body : undefined;
  }

  async #send(method: string, path: string, body?: object) {
    const headers = { ...asService(tokenA), cookie: this.#cookie, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { status: answer.status, body: await answer.json(), cookie };
  }
}
