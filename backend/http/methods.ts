/** Which methods a path has, so that a wrong method is told from a wrong path. */
import { access } from './access.ts';

const routes = Object.keys(access)
  .filter((row) => !row.endsWith('*'))
  .map((row) => {
    const [method = '', url = ''] = row.split(' ');
    return { method, url, path: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`) };
  });

/** Empty for a path that nobody has. As in the router, a path that is written out goes before one with parameters. */
export function methodsOf(path: string): string[] {
  const literal = routes.filter((route) => route.url === path);
  const found = (literal.length > 0 ? literal : routes.filter((route) => route.path.test(path))).map(({ method }) => method);
  return found.includes('GET') ? ['HEAD', ...found] : found;
}
