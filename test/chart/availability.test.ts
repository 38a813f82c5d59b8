/** More than one pod: budgets, spread, and who may have more than one at all. */
import { describe, expect, it } from 'vitest';
import { refusal, render } from './render.ts';

const two = { operator: { replicas: 2 }, backend: { replicas: 2 }, frontend: { enabled: true, replicas: 2 }, postgresql: { enabled: true } };
const names = ['kure-monitor-backend', 'kure-monitor-frontend', 'kure-monitor-operator'];

describe('one pod', () => {
  it('has no budget, which would only keep its node from being drained', () => {
    expect(render({ values: { frontend: { enabled: true }, postgresql: { enabled: true } } }).all('PodDisruptionBudget')).toEqual([]);
  });

  it('is not spread', () => {
    for (const { template } of render().workloads) expect(template.spec).not.toHaveProperty('topologySpreadConstraints');
  });
});

describe('two pods', () => {
  const rendered = render({ values: two });

  it('have a budget of one', () => {
    expect(new Set(rendered.all('PodDisruptionBudget').map(({ metadata }) => metadata?.name))).toEqual(new Set(names));
    for (const { metadata, spec } of rendered.all('PodDisruptionBudget')) {
      expect(spec?.maxUnavailable).toBe(1);
      expect(spec?.selector?.matchLabels).toEqual(rendered.get('Deployment', metadata?.name ?? '').spec?.selector.matchLabels);
    }
  });

  it.each(names)('prefer different nodes: %s', (name) => {
    const { template } = rendered.workload(name);
    const [constraint] = template.spec?.topologySpreadConstraints ?? [];
    expect(constraint).toMatchObject({ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' });
    expect(constraint?.labelSelector?.matchLabels).toEqual(rendered.get('Deployment', name).spec?.selector.matchLabels);
  });

  it('of a backend do not prefer one node, as one with a volume does', () => {
    expect(rendered.workload('kure-monitor-backend').template.spec).not.toHaveProperty('affinity');
  });

  it('are spread as a person says', () => {
    const own = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }];
    const values = { ...two, backend: { replicas: 2, topologySpreadConstraints: own } };
    expect(render({ values }).workload('kure-monitor-backend').template.spec?.topologySpreadConstraints).toEqual(own);
  });

  it('of a backend on SQLite are refused in a sentence', () => {
    expect(refusal({ values: { backend: { replicas: 2 } } })).toContain(
      'backend.replicas=2 needs a database that pods can share: set postgresql.enabled=true or database.existingSecret, or leave backend.replicas at 1, which SQLite allows.',
    );
  });
});
