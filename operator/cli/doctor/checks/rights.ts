/** Everybody may do what they must; the rights to restart workloads are a check of their own. */
import { upgradeOver, type Check } from '../finding.ts';
import type { Right } from '../../rights.ts';

export const rights: Check = ({ rights, release, you }) => {
  const missing = rights.filter(({ allowed, verb, group }) => !allowed && !(verb === 'patch' && group === 'apps'));
  const groups = Object.values(Object.groupBy(missing, ({ who, resource, name }) => [who, resource, name].join(' ')));
  return groups.flatMap((group = []) => {
    const [first] = group;
    if (!first) return [];
    const verbs = group.map(({ verb }) => verb).join(',');
    return first.who === 'operator'
      ? { what: `the operator may not ${verbs} ${objectOf(first)}`, mend: upgradeOver(release) }
      : { what: `you may not ${verbs} ${objectOf(first)}`, mend: grant(first, verbs, release.namespace, you) };
  });
};

const objectOf = ({ resource, name }: Right): string => (name === undefined ? resource : `${resource} ${name}`);

/** Somebody with more rights runs it. */
function grant({ resource, name }: Right, verbs: string, namespace: string, you = 'YOU'): string[] {
  const only = name === undefined ? '' : ` --resource-name=${name}`;
  return [
    `kubectl create role rotate-${resource} --verb=${verbs} --resource=${resource}${only} -n ${namespace}`,
    `kubectl create rolebinding rotate-${resource} --role=rotate-${resource} --user=${you} -n ${namespace}`,
  ];
}
