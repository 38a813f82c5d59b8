import { describe, expect, it } from 'vitest';
import { refusal, render, variable } from './render.ts';

const sixty = 'kure-monitor-of-the-longest-possible-name-'.repeat(2).slice(0, 60);

describe('names', () => {
  it('begin with the release name', () => {
    for (const { metadata } of render({ release: 'blue' }).objects) expect(metadata?.name).toMatch(/^(kure-system:)?blue-/);
  });

  it('begin with fullnameOverride where it is set, and labels follow nameOverride', () => {
    for (const { metadata } of render({ release: 'blue', values: { fullnameOverride: 'red', nameOverride: 'kure' } }).objects) {
      expect(metadata?.name).toMatch(/^(kure-system:)?red-/);
      expect(metadata?.labels).toMatchObject({ 'app.kubernetes.io/name': 'kure', 'app.kubernetes.io/instance': 'blue' });
    }
  });

  it.each([
    { what: 'the longest release name that Helm allows', release: sixty.slice(0, 53), values: {} },
    { what: 'a name of 60 characters', release: 'blue', values: { fullnameOverride: sixty } },
    { what: 'a name of 199 characters', release: 'blue', values: { fullnameOverride: sixty.repeat(4).slice(0, 199) } },
  ])('stay valid, single and connected with $what', ({ release, values }) => {
    const rendered = render({ release, values: { ...values, rotation: { schedule: '@daily' }, postgresql: { enabled: true } } });
    for (const kind of ['CronJob', 'StatefulSet'] as const) expect(rendered.all(kind)[0]?.metadata?.name?.length).toBeLessThanOrEqual(52);
    for (const { metadata } of rendered.objects) {
      const name = metadata?.name?.replace('kure-system:', '') ?? '';
      expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
      expect(name).not.toMatch(/--/);
      for (const label of Object.values(metadata?.labels ?? {})) expect(label.length).toBeLessThanOrEqual(63);
    }
    expect(new Set(rendered.identities).size).toBe(rendered.identities.length);

    const secret = rendered.all('Secret').find(({ metadata }) => metadata?.name?.endsWith('-bootstrap'));
    const [service] = rendered.all('Service');
    for (const workload of rendered.workloads.filter((workload) => variable(workload, 'SERVICE_TOKEN'))) {
      expect(variable(workload, 'SERVICE_TOKEN')?.valueFrom?.secretKeyRef?.name).toBe(secret?.metadata?.name);
    }
    for (const workload of rendered.workloads.filter((workload) => variable(workload, 'BACKEND_URL'))) {
      expect(variable(workload, 'BACKEND_URL')?.value).toBe(`http://${service?.metadata?.name}:8000`);
    }
  });

  it('of one release differ in their ends alone, by which an operator of another release finds them', () => {
    const rendered = render({ release: sixty.slice(0, 53) });
    const bases = rendered.objects.map(({ metadata }) => metadata?.name?.replace('kure-system:', '').slice(0, 41));
    expect(new Set(bases).size).toBe(1);
  });

  it.each([
    { what: 'two releases in one namespace', one: { release: 'blue' }, other: { release: 'red' } },
    { what: 'the same name in two namespaces', one: { namespace: 'one' }, other: { namespace: 'two' } },
    { what: 'namespaces and releases that read alike', one: { namespace: 'a', release: 'b-c' }, other: { namespace: 'a-b', release: 'c' } },
    {
      what: 'long names that differ at the end',
      one: { values: { fullnameOverride: `${sixty}-a` } },
      other: { values: { fullnameOverride: `${sixty}-b` } },
    },
  ])('do not collide: $what', ({ one, other }) => {
    const taken = new Set(render(one).identities);
    expect(render(other).identities.filter((identity) => taken.has(identity))).toEqual([]);
  });

  it.each(['1st', 'a.b'])('are refused where no Service could bear them: %s', (release) => {
    expect(refusal({ release })).toContain(`No Service can be named after "${release}"`);
  });
});
