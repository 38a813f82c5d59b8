import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { chart, install } from './render.ts';

const blue = { release: 'blue', namespace: 'monitoring' };

describe.each([true, false])('NOTES with operator.enabled=%s', (enabled) => {
  const { notes, rendered } = install({ ...blue, values: { operator: { enabled } } });

  it('hold no value of a Secret, in no form', () => {
    const values = rendered.all('Secret').flatMap(({ data }) => Object.values(data ?? {}));
    expect(values).toHaveLength(3);
    for (const value of values) {
      expect(notes).not.toContain(value);
      expect(notes).not.toContain(Buffer.from(value, 'base64').toString('utf8'));
    }
  });

  it('name only commands for this release and namespace', () => {
    expect(notes).toContain('kubectl edit secret blue-bootstrap -n monitoring');
    expect(notes).not.toContain('kure-monitor-');
    expect(notes).not.toContain('kure-system');
  });

  it('tell how to delete what an uninstall keeps', () => {
    expect(oneLine(notes)).toContain(
      `kubectl delete -n monitoring --ignore-not-found secret/blue-bootstrap secret/blue-encryption secret/blue-keyring ${enabled ? 'configmap/blue-rotation pod/blue-selftest lease/blue-operator ' : ''}persistentvolumeclaim/blue-backend-data`,
    );
  });
});

describe('NOTES', () => {
  it('name the database among what is deleted, and never its password', () => {
    const { notes, rendered } = install({ ...blue, values: { postgresql: { enabled: true } } });
    expect(oneLine(notes)).toContain('secret/blue-keyring secret/blue-postgresql persistentvolumeclaim/data-blue-postgresql-0 configmap/');
    const { data } = rendered.get('Secret', 'blue-postgresql');
    for (const value of Object.values(data ?? {})) expect(notes).not.toContain(Buffer.from(value, 'base64').toString('utf8'));
    const own = install({ ...blue, values: { postgresql: { enabled: true, existingSecret: 'mine' } } });
    expect(own.notes).not.toContain('secret/mine');
  });

  it("warn that Kure Monitor's own backend has no overlap, and lead to the frontend", () => {
    const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as object;
    const { notes } = install({ ...blue, values: upstream });
    expect(oneLine(notes)).toContain('requests are rejected until their rollouts are over');
    expect(notes).not.toContain('no request is rejected');
    expect(notes).toContain('kubectl port-forward service/blue-frontend 8080:8080 -n monitoring');
  });

  it('lead to the dashboard of the backend', () => {
    const { notes } = install(blue);
    expect(notes).toContain('Open http://localhost:8000; the first visit makes the first administrator');
    expect(notes).toContain('kubectl port-forward service/blue-backend 8000:8000 -n monitoring');
  });

  it('tell how to watch a rotation where the operator does it', () => {
    const { notes } = install(blue);
    expect(notes).toContain('kubectl get configmap blue-rotation -n monitoring');
    expect(notes).not.toContain('rollout restart');
  });

  it('give the whole manual procedure where nobody else does it', () => {
    const { notes } = install({ ...blue, values: { operator: { enabled: false } } });
    expect(oneLine(notes)).toContain('kubectl rollout restart deployment/blue-backend deployment/blue-security-scanner -n monitoring');
    expect(notes).toContain('kubectl rollout restart daemonset/blue-agent -n monitoring');
    expect(notes).not.toContain('blue-rotation');
    expect(notes).not.toContain('helm test');
    expect(notes).toContain('requests are rejected from the first restarted pod to the last');
  });

  it('send a person to the source of a Secret that belongs to another tool', () => {
    for (const enabled of [true, false]) {
      const { notes } = install({ ...blue, values: { operator: { enabled }, bootstrap: { existingSecret: 'from-vault' } } });
      expect(notes).not.toContain('kubectl edit');
      expect(notes).toContain('at its source');
      expect(notes).not.toContain('secret/from-vault');
    }
  });

  it('say who must run where no operator is installed, and how that one finds a Secret of another tool', () => {
    const { notes } = install({ ...blue, values: { operator: { scope: 'shared' }, bootstrap: { existingSecret: 'blue-bootstrap' } } });
    expect(oneLine(notes)).toContain('No operator is installed here: one of another release, installed with operator.scope=cluster');
    const annotated = notes.indexOf('kubectl annotate secret blue-bootstrap bootstrap.kure.io/external=true -n monitoring');
    expect(annotated).toBeGreaterThan(0);
    expect(notes.indexOf('kubectl label secret blue-bootstrap bootstrap.kure.io/secret=bootstrap')).toBeGreaterThan(annotated);
    expect(notes).not.toContain('lease/');
  });

  it.each([{ ingress: { enabled: true } }, { route: { enabled: true, parentRefs: [{ name: 'web' }] } }])('ask for the proxy in front of the backend where there is one: %j', (way) => {
    const asking = 'name its pods or their network in backend.trustedProxies, and nothing wider';
    expect(oneLine(install({ ...blue, values: way }).notes)).toContain(asking);
    expect(install({ ...blue, values: { ...way, backend: { trustedProxies: ['10.244.0.0/16'] } } }).notes).not.toContain('trustedProxies');
    expect(install(blue).notes).not.toContain('trustedProxies');
  });

  it('tell how to make the encryption key where nobody else does', () => {
    const generator = 'operator';
    expect(install({ ...blue, values: { bootstrap: { generator } } }).notes).toContain('kubectl create secret generic blue-encryption');
    expect(install({ ...blue, values: { bootstrap: { generator }, security: { encryptionKey: 'given' } } }).notes).not.toContain('openssl');
    expect(install(blue).notes).not.toContain('openssl');
  });

  it('tell it as the documents do, which are all that a tool without NOTES leaves to read', () => {
    const { notes } = install({ values: { bootstrap: { generator: 'operator' } } });
    const [command = ''] = /^ {2}openssl[^]*?(?=\n\n|\n`)/m.exec(notes) ?? [];
    expect(command.trim().split('\n')).toHaveLength(4);
    const operations = readFileSync(join(chart, '../docs/operations.md'), 'utf8');
    for (const line of command.trim().split('\n')) expect(operations).toContain(line.trim().replace(' -n kure-system', ''));
  });

  it('say how to keep the operator from writing an encryption key of another tool, and delete none', () => {
    const security = { existingSecret: 'blue-encryption' };
    const { notes } = install({ ...blue, values: { bootstrap: { generator: 'operator' }, security } });
    expect(notes).toContain('kubectl annotate secret blue-encryption bootstrap.kure.io/external=true -n monitoring');
    expect(notes).not.toMatch(/openssl|secret\/blue-encryption|kubectl label/);
    const shared = install({ ...blue, values: { operator: { scope: 'shared' }, security } }).notes;
    expect(shared).toContain('kubectl label secret blue-encryption bootstrap.kure.io/secret=encryption app.kubernetes.io/instance=blue -n monitoring');
  });
});

/** Commands as a shell reads them. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\\\n\s*/g, ' ');
}
