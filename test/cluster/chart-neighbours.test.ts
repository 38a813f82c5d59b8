/** Releases side by side on the real API server. Helm refuses an object that another release owns, so none is shared where both install. */
import { afterAll, describe, expect, it } from 'vitest';
import { chart } from '../chart/render.ts';
import { chartRelease, ways } from './chart-release.ts';

describe.each(ways)('a release, by $way,', (way) => {
  const blue = chartRelease(way);
  const elsewhere = chartRelease(way);
  afterAll(() => blue.helm('uninstall', 'red', '--ignore-not-found'));

  const owners = async (release: typeof blue): Promise<string[]> => {
    const objects = await release.list('deployments,daemonsets,secrets,services,roles,serviceaccounts,persistentvolumeclaims');
    const names = objects.map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/instance'] ?? '');
    return names.filter((name) => name !== '').toSorted();
  };

  it('has a neighbour of another name in its namespace, which takes nothing of it along when it goes', async () => {
    await blue.install();
    const alone = await owners(blue);
    await blue.helm('install', 'red', chart, '--set=global.imageRegistry=registry.invalid', ...way.install);
    expect(await owners(blue)).toEqual([...alone, ...alone.map(() => 'red')]);
    await blue.helm('uninstall', 'red');
    expect((await owners(blue)).filter((name) => name === 'blue')).toEqual(alone);
  });

  it('has a namesake in another namespace', async () => {
    await elsewhere.install();
    expect(await owners(elsewhere)).toEqual((await owners(blue)).filter((name) => name === 'blue'));
    await elsewhere.helm('uninstall', elsewhere.name);
    const roles = await blue.list('clusterroles,clusterrolebindings');
    const own = roles.filter(({ metadata }) => metadata?.annotations?.['meta.helm.sh/release-namespace'] === blue.namespace);
    expect(own.length).toBeGreaterThan(0);
  });
});
