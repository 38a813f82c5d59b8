/** The OpenAPI document. It is made beforehand: making it costs memory that is never given back (docs/decisions/0016). */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { Scope } from './scope.ts';

const besideBundle = join(import.meta.dirname, 'openapi.json');
const besideSources = join(import.meta.dirname, '../../docs/openapi.json');

const Document = Type.Unsafe<Buffer>({ type: 'object', description: 'OpenAPI 3.1' });

export function documentRoute(scope: Scope): void {
  const path = existsSync(besideBundle) ? besideBundle : besideSources;
  scope.get('/api/openapi.json', { schema: { response: { 200: Document } } }, async (_request, reply) =>
    reply.type('application/json').send(await readFile(path)),
  );
}
