import { describe, expect, it } from 'vitest';
import { LabelledReleases, OneRelease } from '../../../../operator/observe/releases.ts';
import type { ObjectMeta, Secret } from '../../../../shared/kube/objects.ts';
import { createLogger } from '../../../../shared/log.ts';
import { release } from './given-release.ts';

const log = createLogger('test', 'silent');

const labelled = (name: string, kind: string, change: Partial<ObjectMeta> = {}): Secret => ({
  metadata: {
    name,
    namespace: 'blue',
    uid: name,
    resourceVersion: '1',
    labels: { 'bootstrap.kure.io/secret': kind, 'app.kubernetes.io/instance': 'kure' },
    ...change,
  },
});

/** Follows Secrets as the watch shows them. */
function following() {
  const releases = new LabelledReleases(log);
  const secrets = new Map<string, Secret>();
  const note = (secret: Secret) => releases.note(secret, (namespace, name) => secrets.get(`${namespace}/${name}`));
  return {
    releases,
    set: (secret: Secret) => {
      secrets.set(idOf(secret), secret);
      note(secret);
    },
    remove: (secret: Secret) => {
      secrets.delete(idOf(secret));
      note(secret);
    },
  };
}

const idOf = ({ metadata }: Secret) => `${metadata.namespace}/${metadata.name}`;

const bootstrap = labelled('web-bootstrap', 'bootstrap');
const keyring = labelled('web-keyring', 'keyring');

describe('with labels', () => {
  it('a bootstrap Secret tells of a release, whose other names follow from its own', () => {
    const { releases, set } = following();
    expect(releases.all()).toEqual([]);
    set(bootstrap);
    expect(releases.all()).toEqual([
      {
        namespace: 'blue',
        name: 'kure',
        bootstrapSecret: 'web-bootstrap',
        encryptionSecret: 'web-encryption',
        keyringSecret: 'web-keyring',
        rotationConfigMap: 'web-rotation',
        external: false,
        own: false,
        entries: { 'service-token': 'service-token', 'session-secret': 'session-secret', 'encryption-key': 'encryption-key' },
      },
    ]);
  });

  it('a release without an instance is called as its Secrets are', () => {
    const { releases, set } = following();
    set(labelled('web-bootstrap', 'bootstrap', { labels: { 'bootstrap.kure.io/secret': 'bootstrap' } }));
    expect(releases.all()).toMatchObject([{ name: 'web' }]);
  });

  it('a Secret of somebody else says so, and may stop saying so', () => {
    const { releases, set } = following();
    set(labelled('web-bootstrap', 'bootstrap', { annotations: { 'bootstrap.kure.io/external': 'true' } }));
    expect(releases.all()).toMatchObject([{ external: true }]);
    set(bootstrap);
    expect(releases.all()).toMatchObject([{ external: false }]);
  });

  it('a release with an operator of its own is left alone, also while its bootstrap Secret is gone', () => {
    const { releases, set, remove } = following();
    const annotations = { 'bootstrap.kure.io/operator': 'own' };
    set(labelled('web-bootstrap', 'bootstrap', { annotations }));
    set(labelled('web-keyring', 'keyring', { annotations }));
    expect(releases.all()).toEqual([]);
    remove(bootstrap);
    expect(releases.all()).toEqual([]);
    set(bootstrap);
    expect(releases.all()).toHaveLength(1);
  });

  it('a release lasts as long as its bootstrap Secret or its keyring', () => {
    const { releases, set, remove } = following();
    set(keyring);
    set(bootstrap);
    remove(bootstrap);
    expect(releases.all()).toMatchObject([{ name: 'kure', bootstrapSecret: 'web-bootstrap' }]);
    remove(keyring);
    expect(releases.all()).toEqual([]);
  });

  it('the same name in another namespace is another release', () => {
    const { releases, set } = following();
    set(bootstrap);
    set(labelled('web-bootstrap', 'bootstrap', { namespace: 'green' }));
    expect(releases.all().map(({ namespace }) => namespace)).toEqual(['blue', 'green']);
    expect(releases.ownerOf('green', 'web-encryption')).toMatchObject({ namespace: 'green' });
  });

  it('each of its Secrets has it as owner, whether it exists or not', () => {
    const { releases, set } = following();
    set(bootstrap);
    for (const kind of ['bootstrap', 'encryption', 'keyring']) expect(releases.ownerOf('blue', `web-${kind}`)).toBe(releases.all()[0]);
    for (const name of ['web-other', 'other-bootstrap', 'web']) expect(releases.ownerOf('blue', name)).toBeUndefined();
  });

  it.each([
    ['an encryption Secret alone', labelled('web-encryption', 'encryption')],
    ['a name without its ending', labelled('vault', 'bootstrap')],
    ['a name with another ending', labelled('web-keyring', 'bootstrap')],
    ['an unknown label', labelled('web-bootstrap', 'other')],
  ])('%s tells of no release', (_name, secret) => {
    const { releases, set } = following();
    set(secret);
    expect(releases.all()).toEqual([]);
  });

  it('a pod may concern us by the ending of the Secret that it reads', () => {
    const releases = new LabelledReleases(log);
    const names = ['web-bootstrap', 'web-encryption', 'web-keyring', 'web', 'bootstrap'];
    expect(names.filter((name) => releases.mayBeSource(name))).toEqual(['web-bootstrap', 'web-encryption']);
  });
});

describe('one release', () => {
  const one = new OneRelease(release);

  it('is there from the beginning, whatever its Secrets are called', () => {
    expect(one.all()).toEqual([release]);
    expect(['kure-bootstrap', 'kure-encryption', 'kure-keyring', 'web-bootstrap'].map((name) => one.ownerOf('blue', name)?.name)).toEqual([
      'kure',
      'kure',
      'kure',
      undefined,
    ]);
    expect(one.ownerOf('green', 'kure-bootstrap')).toBeUndefined();
  });

  it('concerns only pods that read one of its own two source Secrets', () => {
    expect(['kure-bootstrap', 'kure-encryption', 'kure-keyring', 'web-bootstrap'].filter((name) => one.mayBeSource(name))).toEqual([
      'kure-bootstrap',
      'kure-encryption',
    ]);
  });
});
