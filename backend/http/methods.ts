/** Which methods a path has, so that a wrong method is told from a wrong path. */
import { access } from './access.ts';

const routes = Object.keys(access)
  .filter((row) => !row.endsWith('*'))
  .map((row) => {
    const [method = '', url = ''] = row.split(' ');
    return { method, path: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`) };
  });

/** Empty for a path that nobody has. */
export function methodsOf(path: string): string[] {
  const found = routes.filter((route) => route.path.test(path)).map(({ method }) => method);
  return found.includes('GET') ? ['HEAD', ...found] : found;
}
