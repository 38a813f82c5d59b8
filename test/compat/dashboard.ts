/** An admin in front of the backend under test, with their live connection. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Row = Readonly<Record<string, unknown>>;
interface Message {
  readonly type: string;
  readonly data: Row;
}

export class Dashboard {
  readonly #url: string;
  readonly #cookie: string;
  readonly messages: Message[] = [];

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  /** Makes the first admin of a fresh backend. */
  static async open(url: string): Promise<Dashboard> {
    const answer = await fetch(`${url}/api/auth/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'correct horse battery staple' }),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error(`the first admin could not be made: ${await answer.text()}`);
    const dashboard = new Dashboard(url, cookie);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: { cookie } });
    socket.on('message', (data: Buffer) => dashboard.messages.push(JSON.parse(data.toString()) as Message));
    await once(socket, 'open');
    return dashboard;
  }

  list(path: string): Promise<Row[]> {
    return this.#call('GET', path) as Promise<Row[]>;
  }

  async do(method: 'POST' | 'DELETE', path: string, body?: Row): Promise<void> {
    await this.#call(method, path, body);
  }

  /** Value of one metric without labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  }

  /** Rescan messages so far, as `status reason`. */
  rescans(): string[] {
    return this.messages.flatMap(({ type, data }) =>
      type === 'security_rescan_status' ? [`${String(data['status'])} ${String(data['reason'])}`] : [],
    );
  }

  async #call(method: string, path: string, body?: Row): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { cookie: this.#cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
