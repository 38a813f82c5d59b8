/** The backend does what docs/openapi.json says, whoever asks and whatever for. SECURITY_CASES says how many of each. */
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { startPostgresql } from '../fixtures/postgresql.ts';
import { asService, findingReport, podReport, temporaryDirectory, tokenA } from '../unit/backend/harness.ts';
import { startAttacked, type Attacked } from './program.ts';
import { askInAllWays, prepareSchemathesis, type Shown } from './schemathesis.ts';
import { expectUnharmed, stateOf } from './unharmed.ts';

const cases = Number(process.env['SECURITY_CASES'] ?? 300);
const minutes = 60_000;

beforeAll(prepareSchemathesis, 5 * minutes);

async function send({ url, cookie }: Attacked, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', ...asService(tokenA), cookie };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

/** What is there to be read, changed and deleted. */
async function fill(backend: Attacked): Promise<void> {
  for (const number of [1, 2, 3]) {
    await send(backend, '/api/pods/failed', podReport({ pod_name: `web-${number}` }));
    await send(backend, '/api/security/findings', findingReport({ resource_name: `web-${number}` }));
    await send(backend, '/api/admin/invitations', { role: 'read' });
  }
  await send(backend, '/api/admin/excluded-pods', { pod_name: 'web-1' });
  await send(backend, '/api/admin/excluded-namespaces', { namespace: 'shop' });
  await send(backend, '/api/admin/excluded-rules', { rule_title: 'shop' });
  await send(backend, '/api/admin/trusted-registries', { registry: 'registry.example' });
}

const shownBy = {
  nobody: () => ({}),
  'the service token': () => ({ serviceToken: tokenA }),
  'an admin': ({ cookie }) => ({ session: cookie.split('=')[1]! }),
} satisfies Record<string, (backend: Attacked) => Shown>;

const databases = {
  SQLite: async () => ({}),
  PostgreSQL: async () => {
    const server = await startPostgresql({ durable: false });
    onTestFinished(() => server.remove());
    return { DATABASE_URL: server.url };
  },
} satisfies Record<string, () => Promise<Record<string, string>>>;

it.each([
  ['nobody', 'SQLite'],
  ['the service token', 'SQLite'],
  ['an admin', 'SQLite'],
  ['the service token', 'PostgreSQL'],
  ['an admin', 'PostgreSQL'],
] as const)('asked by %s it answers as the document says, on %s', { timeout: 60 * minutes }, async (caller, database) => {
  const backend = await startAttacked(await databases[database]());
  await fill(backend);
  const before = stateOf(backend);
  const found = await askInAllWays(backend.url, shownBy[caller](backend), cases, await temporaryDirectory());
  expect(found.failures).toBe('');
  expect(found.cases).toBeGreaterThanOrEqual(cases);
  await expectUnharmed(backend, before);
});
