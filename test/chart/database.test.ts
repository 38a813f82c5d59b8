/** Where the backend keeps its data: SQLite on a volume, the bundled PostgreSQL, or one that is already there. */
import { describe, expect, it } from 'vitest';
import { containerOf, refusal, render, variable } from './render.ts';
import { faults } from './restricted.ts';

const bundled = { postgresql: { enabled: true } };
const decoded = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString('utf8');

describe('without PostgreSQL the backend', () => {
  it('has a volume, and no address of a database', () => {
    const rendered = render();
    expect(variable(rendered.workload('kure-monitor-backend'), 'DATABASE_URL')).toBeUndefined();
    expect(rendered.all('PersistentVolumeClaim')).toHaveLength(1);
    expect(rendered.all('StatefulSet')).toEqual([]);
  });
});

describe('the bundled database', () => {
  const rendered = render({ values: bundled });
  const database = rendered.workload('kure-monitor-postgresql');
  const backend = rendered.workload('kure-monitor-backend');
  const secret = rendered.get('Secret', 'kure-monitor-postgresql');
  const password = decoded(secret.data?.['postgres-password']);

  it('has a password that is made up once and kept', () => {
    expect(password).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(secret.metadata?.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
    expect(Object.keys(secret.data ?? {})).toEqual(['postgres-password']);
  });

  it('has its password in no other object', () => {
    const others = rendered.objects.filter((object) => object !== secret);
    for (const form of [password, secret.data?.['postgres-password'] ?? '', encodeURIComponent(password)]) expect(JSON.stringify(others)).not.toContain(form);
  });

  it('is where the backend looks for it, with the password beside the URL', () => {
    expect(variable(backend, 'DATABASE_URL')?.value).toBe('postgresql://kure@kure-monitor-postgresql:5432/kure');
    const source = { secretKeyRef: { name: 'kure-monitor-postgresql', key: 'postgres-password' } };
    expect(variable(backend, 'PGPASSWORD')?.valueFrom).toEqual(source);
    expect(variable(database, 'POSTGRES_PASSWORD')?.valueFrom).toEqual(source);
    const { spec } = rendered.get('Service', 'kure-monitor-postgresql');
    expect(spec?.selector).toEqual(database.template.metadata?.labels);
    expect(containerOf(database).ports).toEqual([{ name: 'postgresql', containerPort: 5432 }]);
  });

  it('is a guest like the others: restricted, no root file system, no API', () => {
    expect(faults(database.template.spec ?? { containers: [] })).toEqual([]);
    expect(containerOf(database).securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    expect(database.template.spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(containerOf(database).resources?.limits).toHaveProperty('memory');
    expect(Object.keys(database.template.metadata?.annotations ?? {})).not.toEqual([]);
  });

  it('has its files on a claim of its own, and the backend none', () => {
    const [claim] = rendered.get('StatefulSet', 'kure-monitor-postgresql').spec?.volumeClaimTemplates ?? [];
    expect(claim?.spec).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } });
    expect(rendered.all('PersistentVolumeClaim')).toEqual([]);
  });

  it('takes the user that the cluster chooses', () => {
    const { template } = render({ values: { postgresql: { enabled: true, runAsUser: null } } }).workload('kure-monitor-postgresql');
    expect(template.spec?.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('takes a password of yours', () => {
    const rendered = render({ values: { postgresql: { enabled: true, existingSecret: 'mine' } } });
    expect(rendered.all('Secret').map(({ metadata }) => metadata?.name)).not.toContain('kure-monitor-postgresql');
    for (const [name, key] of [['backend', 'PGPASSWORD'], ['postgresql', 'POSTGRES_PASSWORD']] as const) {
      expect(variable(rendered.workload(`kure-monitor-${name}`), key)?.valueFrom?.secretKeyRef?.name).toBe('mine');
    }
  });

  it('needs a password of yours where no render may make one up', () => {
    expect(refusal({ values: { ...bundled, bootstrap: { generator: 'operator' } } })).toContain(
      'make a Secret with the key postgres-password and name it in postgresql.existingSecret.',
    );
  });
});

describe('a database that is already there', () => {
  it('is found by a URL that only its Secret has', () => {
    const rendered = render({ values: { database: { existingSecret: 'db', existingSecretKey: 'url' }, backend: { replicas: 3 } } });
    const backend = rendered.workload('kure-monitor-backend');
    expect(variable(backend, 'DATABASE_URL')).toEqual({ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } });
    expect(variable(backend, 'PGPASSWORD')).toBeUndefined();
    expect(rendered.get('Deployment', 'kure-monitor-backend').spec?.replicas).toBe(3);
  });

  it('is the only one', () => {
    expect(refusal({ values: { ...bundled, database: { existingSecret: 'db' } } })).toContain(
      'leave database.existingSecret (db) empty, or set postgresql.enabled=false.',
    );
  });
});
