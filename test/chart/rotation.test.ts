import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { chart, refusal, render, type Rendered } from './render.ts';

const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as object;

const scheduled = (rotation: object = {}): Rendered => render({ values: { rotation: { schedule: '0 3 1 * *', ...rotation } } });
const specOf = (rendered: Rendered) => rendered.get('CronJob', 'kure-monitor-rotation').spec;
const podOf = (rendered: Rendered) => specOf(rendered)?.jobTemplate.spec?.template.spec;

describe('rotation.schedule', () => {
  it('renders nothing where it is empty', () => {
    expect(render().identities.filter((identity) => identity.includes('rotation'))).toEqual([]);
  });

  it('runs the command line at that time, once, and never twice at a time', () => {
    const spec = specOf(scheduled({ timeZone: 'Europe/Berlin' }));
    expect(spec).toMatchObject({ schedule: '0 3 1 * *', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid' });
    expect(spec?.jobTemplate.spec).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } });
    expect(specOf(scheduled())).not.toHaveProperty('timeZone');
  });

  it('rotates each key that is named, side by side', () => {
    const pod = podOf(scheduled({ keys: ['service-token', 'session-secret'], timeoutMinutes: 90 }));
    expect(pod?.containers.map(({ args }) => args?.join(' '))).toEqual([
      'rotate service-token --wait --timeout 90m',
      'rotate session-secret --wait --timeout 90m',
    ]);
  });

  it.each(['* * * * *', '*/15 0-6/2 ? JAN-MAR,dec mon', '0,30 23 31 12 6', '@daily', '@Monthly'])('takes what Kubernetes takes: %s', (schedule) => {
    expect(specOf(scheduled({ schedule }))?.schedule).toBe(schedule);
  });

  it.each(['daily', '* * * *', '0 3 1 * * *', '60 * * * *', '0 24 * * *', '0 0 0 * *', '0 0 * 13 *', '0 0 * * 7', 'TZ=UTC 0 0 * * *', '@every 1s'])(
    'is refused in a sentence where Kubernetes would not take it, or nobody would mean it: %s',
    (schedule) => {
      expect(refusal({ values: { rotation: { schedule } } })).toContain(
        `rotation.schedule: "${schedule}" must be five fields (minute, hour, day, month, weekday), such as "0 3 1 * *"`,
      );
    },
  );

  it.each([
    { mistake: 'no operator', values: { operator: { enabled: false } }, sentence: 'rotation.schedule needs the operator' },
    {
      mistake: 'a Secret of somebody else',
      values: { bootstrap: { existingSecret: 'from-vault' } },
      sentence: 'rotation.schedule cannot write from-vault, which belongs to somebody else',
    },
    {
      mistake: 'an encryption key that is given',
      values: { rotation: { keys: ['encryption-key'] }, security: { encryptionKey: 'given' } },
      sentence: 'rotation.keys has encryption-key in it, and security.encryptionKey gives that key',
    },
    {
      mistake: 'an encryption key of a backend that knows one',
      values: { ...upstream, rotation: { keys: ['service-token', 'encryption-key'] } },
      sentence: "rotation.keys has encryption-key in it, and Kure Monitor's own backend (programs=upstream)",
    },
    { mistake: 'an unknown key', values: { rotation: { keys: ['token'] } }, sentence: "at '/rotation/keys/0'" },
    { mistake: 'a time zone that Kubernetes forbids', values: { rotation: { timeZone: 'Local' } }, sentence: 'rotation.timeZone: Kubernetes takes no time zone Local' },
  ])('is refused with $mistake', ({ values, sentence }) => {
    expect(refusal({ values: { ...values, rotation: { schedule: '@daily', ...('rotation' in values ? values.rotation : {}) } } })).toContain(sentence);
  });
});

const leases = (scope: string) => {
  const { rules } = render({ values: { rotation: { schedule: '@daily' }, operator: { scope } } }).get('Role', 'kure-monitor-rotation');
  return rules?.filter(({ resources }) => resources?.includes('leases'));
};

describe('the operator that has to run', () => {
  it.each(['release', 'cluster'])('is looked for where it is part of the release: %s', (scope) => {
    expect(leases(scope)).toHaveLength(1);
  });

  it('is not, where that of another release serves: the Lease of a former one would say that none runs', () => {
    expect(leases('shared')).toEqual([]);
  });
});

describe('what runs and ends', () => {
  const rendered = scheduled();

  it('is the rotation and the test', () => {
    expect(rendered.errands.map(({ name }) => name)).toEqual(['kure-monitor-rotation', 'kure-monitor-selftest']);
  });

  it.each(rendered.errands)('$name reads no key, so no rotation waits for its end', ({ template }) => {
    expect(JSON.stringify(template)).not.toMatch(/secretKeyRef|secretRef|"secret"|"projected"/);
  });

  it.each(rendered.errands)('$name is no pod of a Service or of another workload', ({ template }) => {
    const labels = Object.entries(template.metadata?.labels ?? {});
    const selectors = [
      ...rendered.all('Service').map(({ spec }) => spec?.selector),
      ...[...rendered.all('Deployment'), ...rendered.all('DaemonSet')].map(({ spec }) => spec?.selector.matchLabels),
    ];
    expect(selectors).toHaveLength(5);
    for (const selector of selectors) expect(labels).not.toEqual(expect.arrayContaining(Object.entries(selector ?? {})));
  });
});

describe('the test', () => {
  it('is a pod that a new one takes the place of', () => {
    expect(render().get('Pod', 'kure-monitor-selftest').metadata?.annotations).toEqual({
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': 'before-hook-creation',
    });
  });

  it('knows the backend, and runs the image of the operator', () => {
    const { spec } = render().get('Pod', 'kure-monitor-selftest');
    expect(spec?.containers).toHaveLength(1);
    expect(spec?.containers[0]).toMatchObject({ image: 'ghcr.io/kure-bootstrap/operator:0.1.0', args: ['selftest'] });
    expect(spec?.containers[0]?.env).toContainEqual({ name: 'BACKEND_URL', value: 'http://kure-monitor-backend:8000' });
  });
});
