/**
 * Which methods a path has, so that a wrong method is told from a wrong path. A path that is written out is never taken
 * for one with a parameter in it: `/findings/dismissed` is no finding.
 */
import { access } from './access.ts';

const routes = Object.keys(access)
  .filter((row) => !row.endsWith('*'))
  .map((row) => {
    const [method = '', url = ''] = row.split(' ');
    return { method, url, path: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`) };
  });

const writtenOut = new Map([...Map.groupBy(routes, ({ url }) => url)].map(([url, found]) => [url, withHead(found)]));

/** Empty for a path that nobody has. */
export function methodsOf(path: string): readonly string[] {
  return writtenOut.get(path) ?? withHead(routes.filter((route) => route.path.test(path)));
}

/** False where the router finds a route only by its parameter. */
export function mayHave(method: string, path: string): boolean {
  return writtenOut.get(path)?.includes(method) ?? true;
}

function withHead(found: readonly { readonly method: string }[]): string[] {
  const methods = found.map(({ method }) => method);
  return methods.includes('GET') ? ['HEAD', ...methods] : methods;
}
