/** Variables that a person adds: none that the chart sets already, of which one of the two would have no effect. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { chart, containerOf, refusal, render, variable } from './render.ts';

const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as object;

const settings = {
  operator: { debounceSeconds: 1, debounceMaxSeconds: 2, silenceSeconds: 3, rolloutDeadlineSeconds: 4 },
  backend: { drainSeconds: 5, trustedProxies: ['10.0.0.0/8'] },
  postgresql: { enabled: true },
} as Readonly<Record<string, object>>;

const components = [
  { component: 'operator', name: 'operator' },
  { component: 'backend', name: 'backend' },
  { component: 'agent', name: 'agent' },
  { component: 'securityScanner', name: 'security-scanner' },
];

const adding = (values: Readonly<Record<string, object>>, component: string, ...names: string[]) => ({
  ...values,
  [component]: { ...values[component], extraEnv: names.map((name) => ({ name, value: '1' })) },
});

describe.each([
  { programs: 'this project', values: settings },
  { programs: 'upstream', values: upstream as Readonly<Record<string, object>> },
])('extraEnv with the programs of $programs', ({ values }) => {
  const rendered = render({ values });

  it.each(components)('of the $component cannot repeat what the chart sets', ({ component, name }) => {
    const set = containerOf(rendered.workload(`kure-monitor-${name}`)).env ?? [];
    expect(set.length).toBeGreaterThan(2);
    for (const { name } of set) expect(refusal({ values: adding(values, component, name) })).toContain(`${component}.extraEnv: ${name} `);
  });

  it.each(components)('of the $component adds the rest', ({ component, name }) => {
    const more = render({ values: adding(values, component, 'HTTPS_PROXY') });
    expect(variable(more.workload(`kure-monitor-${name}`), 'HTTPS_PROXY')?.value).toBe('1');
  });
});

describe('extraEnv', () => {
  it.each([
    { component: 'agent', name: 'LOG_LEVEL', sentence: 'agent.extraEnv: LOG_LEVEL is set already: set agent.logLevel instead.' },
    { component: 'backend', name: 'TRUSTED_PROXIES', sentence: 'backend.extraEnv: TRUSTED_PROXIES is set already: set backend.trustedProxies instead.' },
    { component: 'backend', name: 'PORT', sentence: 'backend.extraEnv: PORT is set already: leave it out.' },
    { component: 'operator', name: 'SILENCE_SECONDS', sentence: 'operator.extraEnv: SILENCE_SECONDS is set already: set operator.silenceSeconds instead.' },
  ])('that repeats $name is told what to do', ({ component, name, sentence }) => {
    expect(refusal({ values: adding(settings, component, name) })).toContain(sentence);
  });

  it('cannot say one thing twice', () => {
    expect(refusal({ values: adding({}, 'agent', 'HTTPS_PROXY', 'HTTPS_PROXY') })).toContain('agent.extraEnv: HTTPS_PROXY is set already: leave it out.');
    expect(refusal({ values: adding({ frontend: { enabled: true } }, 'frontend', 'A', 'A') })).toContain('frontend.extraEnv: A is set already: leave it out.');
  });

  it('cannot repeat what only the test or a rotation by the clock has', () => {
    expect(refusal({ values: adding({}, 'operator', 'BACKEND_URL') })).toContain('operator.extraEnv: BACKEND_URL is set already: leave it out.');
    const shared = { operator: { scope: 'shared' }, rotation: { schedule: '@daily' } };
    expect(refusal({ values: adding(shared, 'operator', 'KEYRING_SECRET') })).toContain('operator.extraEnv: KEYRING_SECRET is set already: leave it out.');
  });

  it('takes what the chart leaves to the program', () => {
    expect(variable(render({ values: adding({}, 'operator', 'DEBOUNCE_SECONDS') }).workload('kure-monitor-operator'), 'DEBOUNCE_SECONDS')?.value).toBe('1');
  });
});
