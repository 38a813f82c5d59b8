/** Values of other versions: each is refused in one sentence that says what took its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { chart, refusal, render } from './render.ts';

const gone = Object.entries(load(readFileSync(join(chart, 'files/gone.yaml'), 'utf8')) as Record<string, string>);
const guide = readFileSync(join(chart, '../docs/migrating-2.2-to-2.3.md'), 'utf8');

const nested = (path: string, value: unknown): object => path.split('.').reduceRight((below: unknown, key) => ({ [key]: below }), value) as object;

describe('a value that is gone', () => {
  it.each(gone)('is refused with a sentence and the guide: %s', (path, instead) => {
    const sentence = `The value ${path} is gone: ${instead} (see docs/migrating-2.2-to-2.3.md).`;
    expect(refusal({ values: nested(path, 'anything') })).toContain(sentence);
  });

  it.each(gone)('is in the guide: %s', (path) => {
    expect(guide).toContain(`| \`${path}\` |`);
  });

  it('is refused as a switch, too', () => {
    expect(refusal({ values: { postgresql: { external: false } } })).toContain('The value postgresql.external is gone');
  });

  it('is refused as a variable', () => {
    expect(refusal({ values: { backend: { extraEnv: [{ name: 'AUTH_API_KEY', value: 'x' }] } } })).toContain(
      'backend.extraEnv: AUTH_API_KEY has no effect since 2.3, where people have accounts: leave it out (see docs/migrating-2.2-to-2.3.md).',
    );
  });

  it.each([
    { path: 'postgresql.persistence.storageClass', value: 'fast', instead: 'set postgresql.persistence.storageClassName' },
    { path: 'postgresql.persistence.accessMode', value: 'ReadWriteOnce', instead: 'its volume is of one pod, so it is always ReadWriteOnce' },
    { path: 'backend.database', value: { type: 'postgresql' }, instead: "SQLite on the backend's volume is the default; set postgresql.enabled" },
  ])("is refused in upstream's form: $path", ({ path, value, instead }) => {
    expect(refusal({ values: nested(path, value) })).toContain(`The value ${path} is gone: ${instead}`);
  });

  it('is refused as a host with paths', () => {
    const hosts = [{ host: 'kure.local', paths: [{ path: '/', pathType: 'Prefix', service: 'frontend' }] }];
    for (const enabled of [true, false]) {
      expect(refusal({ values: { ingress: { enabled, hosts } } })).toContain(
        'ingress.hosts: write the name alone ("kure.local"): all paths lead to the frontend, or to the backend where there is none (see docs/migrating-2.2-to-2.3.md).',
      );
    }
  });

  it('that is null is none', () => {
    expect(render({ values: { prometheus: null, auth: null } }).workloads).toHaveLength(4);
  });
});
