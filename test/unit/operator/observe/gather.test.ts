import { expect, it } from 'vitest';
import type { Release } from '../../../../operator/model/release.ts';
import type { View } from '../../../../operator/observe/cluster-view.ts';
import { gather, type Wanted } from '../../../../operator/observe/gather.ts';
import { serializeKeyring, type Keyring } from '../../../../shared/credential/keyring.ts';
import { encodeEntry, type Secret } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';
import { attestation, attests, givenVerifier, verifier } from './given-verifier.ts';
import { release } from './given-release.ts';

const secret = (resourceVersion: string, data: Readonly<Record<string, string>>): Secret => ({
  metadata: { name: 's', uid: 'u', resourceVersion },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeEntry(value)])),
});
const keyringSecret = (keyring: Keyring) => secret('20', { 'keyring.json': serializeKeyring(keyring) });
const keyring = (keys: Keyring['keys']): Keyring => ({ keys, history: [] });
const stable = keyring({ 'service-token': given.record(['old']), 'encryption-key': given.record(['fern']) });

const gathered = (view: Partial<View>, wanted: Partial<Wanted> = {}, change: Partial<Release> = {}) => {
  const found: View = { secrets: {}, workloads: [], pods: [], ...view };
  const cluster = {
    remembered: () => found,
    readAnew: () => Promise.resolve<View>({ ...found, workloads: [given.workload('read-anew')] }),
  };
  return gather(cluster, { ...release, ...change }, { fresh: false, ask: 'whileRotating', lastKeyring: undefined, ...wanted });
};

const asked = async (secrets: View['secrets'], wanted: Partial<Wanted> = {}) => {
  const { port } = await givenVerifier(attests);
  const { answers } = await gathered({ secrets, pods: [verifier('a', port)] }, wanted);
  return [...answers.values()];
};

it('holds what there is, and nothing of what there is not', async () => {
  const secrets = { bootstrap: secret('10', { token: 'a' }), keyring: keyringSecret(stable) };
  expect(await gathered({ secrets }, { lastKeyring: stable })).toMatchObject({
    sources: { bootstrap: { resourceVersion: '10', values: { 'service-token': 'a' } } },
    keyring: { resourceVersion: '20', keyring: stable },
    brokenKeyring: undefined,
    lastKeyring: stable,
    fresh: false,
  });
  expect(await gathered({ secrets: { encryption: secret('11', { fernet: 'b' }) } })).toMatchObject({
    sources: { encryption: { values: { 'encryption-key': 'b' } } },
    keyring: undefined,
  });
  expect((await gathered({ secrets })).sources).not.toHaveProperty('encryption');
});

it('awaits those of somebody else that are missing, as they themselves or the release say', async () => {
  const annotations = { 'bootstrap.kure.io/external': 'true' };
  const told = { ...stable, identities: { encryption: { type: 'Opaque', labels: {}, annotations } } };
  expect((await gathered({ secrets: { keyring: keyringSecret(told) } })).awaited).toEqual(['encryption']);
  expect((await gathered({}, { lastKeyring: told })).awaited).toEqual(['encryption']);
  expect((await gathered({ secrets: { encryption: secret('11', {}) } }, { lastKeyring: told })).awaited).toEqual([]);
  expect((await gathered({}, {}, { external: true })).awaited).toEqual(['bootstrap']);
  expect((await gathered({})).awaited).toEqual([]);
});

it('reads anew where that is wanted', async () => {
  expect(await gathered({}, { fresh: true })).toMatchObject({ fresh: true, workloads: [{ name: 'read-anew' }] });
  expect((await gathered({})).workloads).toEqual([]);
});

it('goes on with a keyring that cannot be read', async () => {
  const { keyring, brokenKeyring } = await gathered({ secrets: { keyring: secret('20', { 'keyring.json': '{' }) } });
  expect(keyring).toBeUndefined();
  expect(brokenKeyring).toEqual({ resourceVersion: '20', why: "the keyring Secret's keyring.json is not JSON" });
});

it('asks nobody while nothing rotates', async () => {
  expect(await asked({ keyring: keyringSecret(stable) })).toEqual([]);
});

it.each<[string, View['secrets'], Partial<Wanted>]>([
  ['the service token rotates', { keyring: keyringSecret(keyring({ 'service-token': given.rotating })) }, {}],
  ['the encryption key rotates', { keyring: keyringSecret(keyring({ ...stable.keys, 'encryption-key': given.rotating })) }, {}],
  ['it is told to', { keyring: keyringSecret(stable) }, { ask: 'always' }],
  ['only the last keyring can tell what to present', { keyring: secret('20', {}) }, { ask: 'always', lastKeyring: stable }],
])('asks the verifiers when %s', async (_name, secrets, wanted) => {
  expect(await asked(secrets, wanted)).toEqual([{ attestation }]);
});

it('asks nobody, whatever rotates, where what the watches have told is enough', async () => {
  expect(await asked({ keyring: keyringSecret(keyring({ 'service-token': given.rotating })) }, { ask: 'never' })).toEqual([]);
});

it('asks nobody while only the session secret rotates, nor without a token to present', async () => {
  const session = keyring({ ...stable.keys, 'session-secret': given.rotating });
  expect(await asked({ keyring: keyringSecret(session) })).toEqual([]);
  expect(await asked({ keyring: keyringSecret(keyring({ 'encryption-key': given.rotating })) }, { ask: 'always' })).toEqual([]);
});
