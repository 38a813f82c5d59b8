/** docs/openapi.json says what the backend does, about every route. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { access } from '../../../backend/http/access.ts';
import { operations } from '../../../backend/http/operations.ts';
import { documentPath, openApiDocument } from '../../../scripts/openapi/document.ts';
import { startBackend } from './harness.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

const text = readFileSync(documentPath, 'utf8');
const { paths } = JSON.parse(text) as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
const described = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ row: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, operation })),
);

it('is up to date: npm run generate', { timeout: 30_000 }, async () => {
  expect(await openApiDocument()).toBe(text);
});

it('is what the backend shows to everybody', async () => {
  const { app } = await startBackend();
  const answer = await app.inject({ method: 'GET', url: '/api/openapi.json' });
  expect(answer.headers['content-type']).toContain('application/json');
  expect(answer.body).toBe(text);
});

it('has every route of the access table but the pages, and no other', () => {
  const rows = Object.keys(access).filter((row) => row !== 'GET /*').toSorted();
  expect(described.map(({ row }) => row).toSorted()).toEqual(rows);
  expect(Object.keys(operations).toSorted()).toEqual(rows);
});

it.each(described)('says all there is to say about $row', ({ row, operation }) => {
  const { operationId, summary, tags, parameters = [], requestBody, responses } = operation;
  expect({ operationId, summary, tags }).toEqual({ operationId: expect.stringMatching(/^[a-z]\w+$/), summary: expect.stringMatching(/^[A-Z]/), tags: [expect.any(String)] });
  expect(parameters.map(({ name }) => `:${name}`)).toEqual(expect.arrayContaining(row.match(/:\w+/g) ?? []));
  const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
  expect(successes).toHaveLength(1);
  expect(successes[0] === '204' || 'content' in responses[successes[0]!]!).toBe(true);
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(requestBody ? ['400', '413', '415', '422', '500'] : ['500']));
});

it('calls no two operations by one name', () => {
  const names = described.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

it.each([
  ['GET /health', []],
  ['POST /api/pods/failed', [{ serviceToken: [] }]],
  ['GET /api/pods/failed', [{ serviceToken: [] }, { session: ['read'] }]],
  ['GET /api/bootstrap/attestation', [{ serviceToken: [] }]],
  ['GET /api/admin/users', [{ session: ['admin'] }]],
])('says who may call %s', (wanted, security) => {
  expect(described.find(({ row }) => row === wanted)?.operation.security).toEqual(security);
});
