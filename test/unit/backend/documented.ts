/** Holds the statuses of all answers to docs/openapi.json. */
import { readFileSync } from 'node:fs';
import type { Scope } from '../../../backend/http/scope.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Document;

/** Fills with what the document lacks as it is answered. */
export function watchStatuses(app: Scope): ReadonlySet<string> {
  const undocumented = new Set<string>();
  app.addHook('onResponse', async ({ method, routeOptions: { url } }, { statusCode }) => {
    const isNoOperation = url === undefined || url === '/*' || statusCode === 405;
    if (isNoOperation) return;
    const operation = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase().replace('head', 'get')];
    if (!operation || !(statusCode in operation.responses)) undocumented.add(`${statusCode} of ${method} ${url}`);
  });
  return undocumented;
}
