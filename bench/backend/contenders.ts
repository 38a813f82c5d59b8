/** The backends that are compared, each started as its own image starts it, with a database of its own. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { freePort } from '../../test/fixtures/free-ports.ts';
import { createDatabase, type Postgresql } from '../../test/fixtures/postgresql.ts';
import { environment, nodeFlags } from '../../testbed/oci/programs.ts';
import { start, untilReady, type Line } from '../processes.ts';

export interface Contender {
  readonly name: string;
  line(port: number): Promise<Omit<Line, 'log'>>;
}

export interface Started {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
}

export interface Running extends Started {
  /** Of a person who is logged in. */
  readonly cookie: string;
}

const token = 'service-token-0123456789abcdef0123456789abcdef01';
const secrets = { SERVICE_TOKEN: token, SESSION_SECRET: 'session-secret-0123456789abcdef0123456789abcdef' };

export interface Upstream {
  /** A checkout of Kure Monitor 2.3.0. */
  readonly folder: string;
  /** Python 3.11 with the requirements of its backend. */
  readonly python: string;
}

export function contendersIn(folder: string, server: Postgresql, upstream: Upstream | undefined): Contender[] {
  // A copy of the bundle, which nobody replaces meanwhile.
  const bundle = join(folder, 'backend');
  cpSync('dist/backend', bundle, { recursive: true });
  const ours = async (port: number, name: string, env: Record<string, string>) => {
    const data = join(folder, name);
    mkdirSync(data);
    const settings = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: data, DRAIN_SECONDS: '0', ...secrets, ...environment('backend'), ...env };
    return { program: process.execPath, args: [...nodeFlags('backend'), join(bundle, 'main.mjs')], env: settings };
  };
  const database = async (name: string) => ({ DATABASE_URL: (await createDatabase(server.url, name)).url });
  const theirs = async (port: number, { folder: checkout, python }: Upstream) => ({
    program: python,
    args: ['-m', 'uvicorn', 'main:app', '--host', '127.0.0.1', '--port', String(port)],
    cwd: join(checkout, 'backend'),
    env: { ...secrets, ...(await database('upstream')), ENCRYPTION_KEY: 'any', PYTHONDONTWRITEBYTECODE: '1', HOME: folder },
  });
  return [
    { name: 'ours, SQLite', line: (port) => ours(port, 'sqlite', {}) },
    { name: 'ours, PostgreSQL', line: async (port) => ours(port, 'postgresql', await database('ours')) },
    ...(upstream ? [{ name: 'upstream, PostgreSQL', line: (port: number) => theirs(port, upstream) }] : []),
  ];
}

/** Resolves when it answers; nobody has an account yet. */
export async function launch(contender: Contender, folder: string): Promise<Started> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const line = { ...(await contender.line(port)), log: join(folder, `${contender.name}.log`) };
  const child = start(line);
  await untilReady(child, line, async () => (await fetch(`${url}/health`)).ok);
  return { name: contender.name, child, url, token };
}
