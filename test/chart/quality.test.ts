/** A render depends on its values alone, but for values that it makes up itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { everything } from './everything.ts';
import { chart, render, type Options } from './render.ts';

const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as object;
const password = { postgresql: { enabled: true, existingSecret: 'db' } };
const text = (options: Options): string => JSON.stringify(render(options).objects);

describe('two renders', () => {
  it.each([
    { what: 'the default', values: {} },
    { what: 'everything', values: { ...everything, ...password } },
    { what: "Kure Monitor's own programs", values: { ...upstream, ...password } },
  ])('with bootstrap.generator=operator are the same: $what', ({ values }) => {
    const options = { values: { ...values, bootstrap: { generator: 'operator' } } };
    expect(text(options)).toBe(text(options));
    expect(render(options).all('Secret')).toEqual([]);
  });

  it.each([
    { what: 'without the operator', values: { operator: { enabled: false }, bootstrap: { existingSecret: 'mine' }, security: { encryptionKey: 'given' } } },
    { what: 'by Secrets of others', values: { bootstrap: { existingSecret: 'mine' }, security: { existingSecret: 'mine-too' } } },
    { what: 'with the operator', values: { bootstrap: { existingSecret: 'mine' }, security: { encryptionKey: 'given' } } },
  ])('with all values given are the same: $what', ({ values }) => {
    const options = { values: { ...values, ...password } };
    expect(text(options)).toBe(text(options));
  });

  it('by the chart itself differ in Secrets alone', () => {
    const [one, other] = [render({ values: everything }), render({ values: everything })];
    const withoutSecrets = ({ objects }: typeof one) => objects.filter(({ kind }) => kind !== 'Secret');
    expect(withoutSecrets(one)).toEqual(withoutSecrets(other));
    const secrets = one.all('Secret').map(({ metadata }) => metadata?.name);
    expect(new Set(secrets)).toEqual(new Set(['kure-monitor-bootstrap', 'kure-monitor-encryption', 'kure-monitor-postgresql']));
    for (const { data, stringData } of one.all('Secret')) {
      expect(data).toBeDefined();
      expect(stringData).toBeUndefined();
    }
  });
});

describe('every object', () => {
  const { objects } = render({ values: everything });
  const own = objects.filter(({ metadata }) => metadata?.name !== 'kure-monitor-extra');

  it('has the recommended labels', () => {
    const keys = ['component', 'instance', 'managed-by', 'name', 'version'].map((key) => `app.kubernetes.io/${key}`);
    for (const { metadata } of own) expect(Object.keys(metadata?.labels ?? {})).toEqual(expect.arrayContaining([...keys, 'helm.sh/chart']));
  });

  it('comes from the image registry that is named, the database too', () => {
    const rendered = render({ values: { ...everything, global: { imageRegistry: 'mirror.local:5000' } } });
    const images = JSON.stringify(rendered.objects).match(/"image":"[^"]+"/g) ?? [];
    expect(images.length).toBeGreaterThan(8);
    for (const image of images) expect(image).toMatch(/^"image":"mirror\.local:5000\//);
  });
});
