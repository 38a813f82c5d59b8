/** All that the chart has, on a real API server; and the password of the bundled database. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutCrds } from '../chart/everything.ts';
import { chart } from '../chart/render.ts';
import { chartRelease, decoded, encoded, ways } from './chart-release.ts';

const json = (values: object): string[] => Object.entries(values).map(([key, value]) => `--set-json=${key}=${JSON.stringify(value)}`);
const database = ['--set=postgresql.enabled=true'];

describe.each(ways.slice(0, 1))('the API server', (way) => {
  const release = chartRelease(way);

  it.each([
    { what: 'with everything', flags: json(withoutCrds) },
    { what: "with Kure Monitor's own programs", flags: [`--values=${join(chart, 'values-upstream.yaml')}`] },
    { what: 'with an operator of the cluster', flags: ['--set=operator.scope=cluster'] },
  ])('takes the chart without one warning, Pod Security included: $what', async ({ flags }) => {
    const { stdout } = await release.helm('template', release.name, chart, '--kube-version=1.34.0', '--skip-tests', ...flags);
    const applied = await release.apply(stdout, '--dry-run=server', '--warnings-as-errors', '--validate=strict');
    expect(applied).toContain('deployment.apps/blue-backend created (server dry run)');
  });
});

describe.each(ways)('the bundled database, by $way,', (way) => {
  const release = chartRelease(way);
  const password = async () => decoded((await release.secret('blue-postgresql')).data?.['postgres-password']);

  it('has a password that is made up once', async () => {
    await release.install(...database);
    const before = await password();
    expect(before).toMatch(/^[A-Za-z0-9]{48}$/);
    await release.upgrade(...database);
    await release.upgrade(...database);
    expect((await password()) === before).toBe(true);
  });

  it('keeps it, as it keeps the volume, when it is uninstalled and installed again', async () => {
    const before = await password();
    await release.helm('uninstall', release.name);
    await release.install(...database);
    expect((await password()) === before).toBe(true);
  });

  it('keeps one of any form that it finds', async () => {
    await release.patchSecret('blue-postgresql', { data: { 'postgres-password': encoded('of a person: @/#') } });
    await release.upgrade(...database);
    expect((await password()) === 'of a person: @/#').toBe(true);
  });

  it('refuses a Secret without the key that is read from it, in one sentence', async () => {
    await release.kubectl('create', 'secret', 'generic', 'mine', '--from-literal=password=x');
    await expect(release.upgrade('--set=database.existingSecret=mine')).rejects.toThrow(
      'The Secret mine (database.existingSecret) has no key "database-url": add it there, or name another Secret.',
    );
    await expect(release.upgrade(...database, '--set=postgresql.existingSecret=mine')).rejects.toThrow(
      'The Secret mine (postgresql.existingSecret) has no key "postgres-password": add it there, or name another Secret.',
    );
  });
});
