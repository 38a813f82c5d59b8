import { describe, expect, it } from 'vitest';
import { operatorNeeds } from '../../operator/cli/rights.ts';
import { releaseNamed } from '../../operator/cli/release/settings.ts';
import { render } from './render.ts';

/** All but the rights to restart workloads, which doctor asks for one by one, for those that it finds. */
function granted(values: object): string[] {
  const { rules } = render({ values }).get('Role', 'kure-monitor-operator');
  return rules!
    .flatMap(({ apiGroups = [], resources = [], resourceNames = ['*'], verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((resource) => resourceNames.flatMap((name) => verbs.map((verb) => [verb, group, resource, name])))),
    )
    .filter(([verb, group]) => !(verb === 'patch' && group === 'apps'))
    .map((right) => right.join(' '))
    .toSorted();
}

const asked = (env: Record<string, string>): string[] =>
  operatorNeeds(releaseNamed(env, 'kure-system', 'kure-monitor'))
    .map(({ verb, group, resource, name = '*' }) => [verb, group, resource, name].join(' '))
    .toSorted();

describe('the rights that doctor asks for', () => {
  it('are those of the operator’s Role', () => expect(asked({})).toEqual(granted({})));

  it('are those of its Role for a Secret of another tool, too', () => {
    expect(asked({ EXTERNAL_SECRET: 'true', BOOTSTRAP_SECRET: 'theirs' })).toEqual(granted({ bootstrap: { existingSecret: 'theirs' } }));
  });
});
