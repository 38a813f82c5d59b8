import { describe, expect, it } from 'vitest';
import { everything } from './everything.ts';
import { render, type Rendered } from './render.ts';

const namesIn = ({ objects }: Rendered): string[] => objects.map(({ metadata }) => metadata?.name ?? '');

/** A presenter of somebody else takes its place. */
describe.each([
  { component: 'security-scanner', values: { securityScanner: { enabled: false } }, other: 'deployment/their-scanner', resource: 'deployments' },
  { component: 'agent', values: { agent: { enabled: false } }, other: 'daemonset/their-agent', resource: 'daemonsets' },
])('without its own $component', ({ component, values, other, resource }) => {
  const named = (extraWorkloads: readonly string[]) => {
    const rules = render({ values: { ...values, operator: { extraWorkloads } } }).get('Role', 'kure-monitor-operator').rules ?? [];
    return rules.filter(({ verbs, resources }) => verbs?.includes('patch') && resources?.includes(resource)).map(({ resourceNames }) => resourceNames);
  };

  const own = (name: string) => name.endsWith(`-${component}`);

  it('a release has nothing of it', () => {
    expect(namesIn(render({ values: { ...everything, ...values } })).filter(own)).toEqual([]);
    expect(namesIn(render({ values: everything })).filter(own).length).toBeGreaterThan(3);
  });

  it('the operator may restart what takes its place, and no workload of any other name', () => {
    const [, name] = other.split('/');
    expect(named([other])).toEqual([component === 'agent' ? [name] : ['kure-monitor-backend', name]]);
    expect(named([])).toEqual(component === 'agent' ? [] : [['kure-monitor-backend']]);
  });
});
