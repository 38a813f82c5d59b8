/** The Secrets of the chart beside the bootstrap Secret it generates, on a real API server: what `lookup` finds decides. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chartRelease, decoded, encoded, ways } from './chart-release.ts';

const fernetKey = /^[A-Za-z0-9_-]{43}=$/;
/** Of the form that older releases of Kure Monitor have: 60 characters. */
const olderKey = encoded(randomBytes(32).toString('base64'));
const giving = (value: string): string => `--set-string=security.encryptionKey=${value}`;

const generating = '--set=bootstrap.generator=operator';

const from = (...keys: string[]): string[] => [
  '--set=bootstrap.existingSecret=from-vault',
  ...keys.map((key) => `--set=bootstrap.existingSecretKeys.${key}`),
];

describe.each(ways)('the encryption Secret, by $way,', (way) => {
  const release = chartRelease(way);
  const name = 'blue-encryption';
  const key = async (): Promise<string> => decoded((await release.secret(name)).data?.['encryption-key']);

  it('keeps its key in upgrades, and when it is given the same one', async () => {
    await release.install();
    const before = await key();
    expect(fernetKey.test(before)).toBe(true);
    await release.upgrade();
    await release.upgrade(giving(before));
    await release.upgrade();
    expect((await key()) === before).toBe(true);
  });

  it('refuses another key, in one sentence, and changes nothing', async () => {
    const before = await key();
    await expect(release.upgrade(giving(olderKey))).rejects.toThrow(
      'security.encryptionKey is not the key in the Secret blue-encryption, and what is stored under that one could not be read any more',
    );
    expect((await key()) === before).toBe(true);
  });

  it('keeps its key when the release is uninstalled and installed again', async () => {
    const before = await key();
    await release.helm('uninstall', release.name);
    await release.install();
    expect((await key()) === before).toBe(true);
  });

  it('is not made anew where the keyring has its key: the operator puts that one back', async () => {
    const keyring = { version: 1, keys: { 'encryption-key': {} }, history: [] };
    await release.kubectl('create', 'secret', 'generic', 'blue-keyring', `--from-literal=keyring.json=${JSON.stringify(keyring)}`);
    await release.kubectl('delete', 'secret', name);
    await release.upgrade();
    expect((await release.list('secrets')).map(({ metadata }) => metadata?.name)).not.toContain(name);
    await release.kubectl('delete', 'secret', 'blue-keyring');
  });

  it('keeps a key of any form that it finds', async () => {
    await release.upgrade();
    await release.patchSecret(name, { data: { 'encryption-key': encoded(olderKey) } });
    await release.upgrade();
    expect((await key()) === olderKey).toBe(true);
  });
});

describe.each(ways)('values from elsewhere, by $way,', (way) => {
  const release = chartRelease(way);

  const notes = async (scope: string) => (await release.upgrade(generating, `--set=operator.scope=${scope}`)).stdout;
  const saying = (change: string) => `kubectl annotate secret blue-bootstrap bootstrap.kure.io/operator${change} -n ${release.namespace}`;
  const obey = (command: string) => release.kubectl(...command.split(' ').slice(1));

  it('may come after the release', async () => {
    await release.install(...from());
    expect((await release.list('secrets')).map(({ metadata }) => metadata?.name)).not.toContain('blue-bootstrap');
  });

  it('must have the keys that are named, or the release is refused in one sentence', async () => {
    await release.kubectl('create', 'secret', 'generic', 'from-vault', '--from-literal=token=a', '--from-literal=session-secret=b');
    await expect(release.upgrade(...from())).rejects.toThrow(
      'The Secret from-vault (bootstrap.existingSecret) has no key "service-token": add it there, or name the right one in bootstrap.existingSecretKeys.',
    );
    await release.upgrade(...from('serviceToken=token'));
  });

  it('leave the Secret of the chart where it is when they take its place, as an operator does that generates', async () => {
    await release.upgrade();
    const before = (await release.secret('blue-bootstrap')).data;
    for (const flags of [from('serviceToken=token'), [generating], [generating, '--set=operator.scope=shared']]) {
      await release.upgrade(...flags);
      const { data } = await release.secret('blue-bootstrap');
      expect(JSON.stringify(data) === JSON.stringify(before)).toBe(true);
      await release.upgrade();
    }
    expect(JSON.stringify((await release.secret('blue-bootstrap')).data) === JSON.stringify(before)).toBe(true);
  });

  it('say whose operator serves them after a change of scope, by the command in the notes', async () => {
    const [own, other] = [saying('=own'), saying('-')];
    for (const scope of ['cluster', 'shared']) expect(await notes(scope)).toContain(other);
    await obey(other);
    for (const scope of ['cluster', 'shared']) expect(await notes(scope)).not.toContain('bootstrap.kure.io/operator');
    expect(await notes('release')).toContain(own);
    await obey(own);
    expect(await notes('release')).not.toContain('bootstrap.kure.io/operator');
  });
});
