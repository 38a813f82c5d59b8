/** The OpenAPI document of the backend: from its routes' schemas, its access table and its table of operations. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { addRoutes, createServer, type AppDeps } from '../../backend/app.ts';
import { LiveFeed } from '../../backend/domain/live-feed.ts';
import { access } from '../../backend/http/access.ts';
import { operations, type Documented } from '../../backend/http/operations.ts';
import { createLogger } from '../../shared/log.ts';
import { namedSchemas, referring } from './named-schemas.ts';
import { problemResponses, problemsOf, type Operation } from './problem-responses.ts';
import { securityOf, securitySchemes } from './security.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const description = [
  'Every answer that is not a success is a Problem.',
  'The WebSocket `/ws` takes the same cookie, or `?token=`.',
  'A role stands for itself and those above it: read, write, admin.',
].join(' ');

/** Enough to register the routes; none of them is called. */
const deps = { stores: {}, feed: new LiveFeed(), trustedProxies: [], log: createLogger('openapi', 'silent') } as unknown as AppDeps;

/** What is read of what the framework makes. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}

/** What the framework says where a schema has no description. */
const unnamed = 'Default Response';

export const documentPath = join(root, 'docs/openapi.json');

export async function openApiDocument(): Promise<string> {
  const app = createServer(deps);
  for (const schema of namedSchemas) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kure Bootstrap backend', version, description },
      components: { securitySchemes, responses: problemResponses },
    },
    convertConstToEnum: false,
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
    // The dashboard's pages are no API.
    transform: ({ schema, url }) => ({ url, schema: url === '/*' ? { hide: true } : (referring(schema) as FastifySchema) }),
  });
  addRoutes(app, deps);
  await app.ready();
  const document = app.swagger() as unknown as Document;
  await app.close();
  for (const [path, item] of Object.entries(document.paths)) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
    for (const method of Object.keys(item)) item[method] = described(`${method.toUpperCase()} ${url}` as Documented, item[method]!);
  }
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function described(row: Documented, operation: Operation) {
  const { tag, id, summary, problems } = operations[row];
  for (const response of Object.values(operation.responses)) if (response.description === unnamed) response.description = 'Success';
  const responses = { ...operation.responses, ...problemsOf(row, operation, problems) };
  return { operationId: id, summary, tags: [tag], security: securityOf(access[row]), ...operation, responses };
}
