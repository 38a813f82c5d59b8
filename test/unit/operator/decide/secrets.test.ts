import { describe, expect, it } from 'vitest';
import type { SourceSecret } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';
import { kinds, plan, rotatingKeys, session, withBootstrap, type Keys } from './planned.ts';

describe('pods that are older than the Secret they read', () => {
  it('hold an unknown value: the Secret is not adopted but rolled out', () => {
    const keys: Keys = { 'service-token': given.record(['any']), 'session-secret': session };
    const sources = given.sourcesOf(keys, { createdAt: given.now });
    const found = plan(given.snapshot({ keyring: undefined, sources }));
    expect(found.actions).toMatchObject([
      { kind: 'WriteKeyring', notices: [{ type: 'Warning', reason: 'RotationStarted' }, { reason: 'RotationStarted' }] },
    ]);
    const [write] = found.actions;
    const record = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token'] : undefined;
    expect(record?.committed).not.toBe(record?.target);
  });
});

describe('a Secret of somebody else', () => {
  const values = { 'service-token': 'short', 'session-secret': given.value('session') };
  it.each<[string, SourceSecret['values'], string]>([
    ['an invalid value', values, 'it is shorter than 32 characters'],
    ['a missing key', { 'session-secret': values['session-secret'] }, 'it is missing'],
  ])('is not written where it has %s: what it should hold is said', (_name, found, because) => {
    const rejected = withBootstrap({ 'service-token': given.record(['token']), 'session-secret': session }, { external: true, values: found });
    expect(rejected).toMatchObject({ phase: 'Rejected', actions: [] });
    expect(rejected.keys['service-token']?.waitingFor).toEqual([`service-token to be changed at its source: ${because}`]);
  });

  it('keeps the overlap meanwhile: nothing moves and nothing is retired', () => {
    const found = withBootstrap(rotatingKeys, { external: true, values }, { fresh: true });
    expect(found).toMatchObject({ phase: 'Rejected', actions: [] });
  });
});

it('a Secret of somebody else is undone by a rollback of its Helm release, one of our own is not', () => {
  const old = { values: { 'service-token': given.value('old'), 'session-secret': given.value('session') }, editedBy: { 'service-token': 'helm' } };
  expect(withBootstrap(rotatingKeys, { ...old, external: true }).actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'RotationStarted' }] }]);
  expect(withBootstrap(rotatingKeys, old).actions).toMatchObject([{ kind: 'WriteSource', notices: [{ reason: 'PutBack' }] }]);
});

describe('a missing Secret', () => {
  const settled: Keys = { 'service-token': given.record(['token']), 'session-secret': session };
  it.each([['that the keyring knows', settled], ['that was never there', {}]])('of somebody else, %s, is waited for and not made', (_name, keys) => {
    const found = plan(given.snapshot({ keys, sources: {}, awaited: ['bootstrap'] }));
    expect(found).toMatchObject({ phase: 'Rejected', actions: [] });
    expect(found.keys['service-token']?.waitingFor).toEqual(['service-token to be changed at its source: it is missing']);
  });

  const since = (ms: number) => plan(given.snapshot({ keys: settled, sources: {}, missingSince: { bootstrap: given.now - ms } }));

  it('is put back two seconds after it went: whoever has deleted it may be about to make it anew', () => {
    expect(since(1_600)).toMatchObject({ phase: 'Debouncing', actions: [], lookAgainMs: 400 });
    expect(since(1_600).keys['service-token']?.waitingFor).toEqual(['whoever has deleted the Secret to make it anew']);
    expect(since(2_000).actions).toMatchObject([{ kind: 'WriteSource', resourceVersion: undefined, notices: [{ reason: 'PutBack' }, { reason: 'PutBack' }] }]);
  });

  it('that was never there is made at once', () => {
    expect(kinds(plan(given.snapshot({ keys: {}, sources: {}, missingSince: { bootstrap: given.now } })))).toEqual(['WriteSource']);
  });

  it('is not made anew while nothing reads it: the release is going or not there yet', () => {
    expect(plan(given.snapshot({ sources: {}, workloads: [], pods: [] })).actions).toEqual([]);
  });
});

describe('the keyring', () => {
  const { keyring } = given.keyring(rotatingKeys);
  it('that is gone is written anew from memory', () => {
    expect(plan(given.snapshot({ keyring: undefined, lastKeyring: keyring })).actions).toMatchObject([
      { kind: 'WriteKeyring', resourceVersion: undefined, keyring, notices: [{ reason: 'KeyringRestored' }] },
    ]);
  });

  it('that cannot be read is replaced from memory, against its version', () => {
    const brokenKeyring = { resourceVersion: '21', why: 'it is not JSON' };
    expect(plan(given.snapshot({ keyring: undefined, brokenKeyring, lastKeyring: keyring })).actions).toMatchObject([
      { kind: 'WriteKeyring', resourceVersion: '21', keyring },
    ]);
  });

  it('that cannot be read and was never known stops everything, and says what to do', () => {
    const brokenKeyring = { resourceVersion: '21', why: 'it is not JSON' };
    const found = plan(given.snapshot({ keyring: undefined, brokenKeyring }));
    expect(found).toMatchObject({ phase: 'Stuck', actions: [] });
    expect(found.waitingFor[0]).toContain('restored from a backup, or deleted');
  });
});

describe('a keyring of a newer operator', () => {
  const { keyring } = given.keyring(rotatingKeys);
  const brokenKeyring = { resourceVersion: '21', why: 'it is of a version that only a newer operator knows', isNewer: true } as const;
  it.each([['never known before', undefined], ['known before', keyring]])('%s is left as it is, and that one is waited for', (_name, lastKeyring) => {
    const found = plan(given.snapshot({ keyring: undefined, brokenKeyring, lastKeyring }));
    expect(found).toMatchObject({ phase: 'Stuck', actions: [] });
    expect(found.waitingFor).toEqual(['the operator that wrote the keyring Secret to run again: it is of a version that only a newer operator knows']);
  });
});

const handedOver = (keys: Keys) => plan(given.snapshot({ keys, sources: given.sourcesOf(keys), keyring: { ...given.keyring(keys), namesAnother: true } }));

describe('a keyring that names another operator', () => {
  it('is written anew as it is, once nothing rotates: a rotation writes it anyway', () => {
    const settled: Keys = { 'service-token': given.record(['token']), 'session-secret': session };
    const { resourceVersion, keyring } = given.keyring(settled);
    expect(handedOver(settled).actions).toEqual([{ kind: 'WriteKeyring', resourceVersion, keyring, notices: [] }]);
    expect(kinds(handedOver(rotatingKeys))).toEqual(['Stamp']);
  });
});

describe('a source Secret in order', () => {
  const ownership = { managers: ['kubectl-edit'], cleaned: [] };
  it('loses a render mark that speaks of other values, then the ownership of others', () => {
    expect(withBootstrap(rotatingKeys, { hasRenderMark: true, ownership }).actions[0]).toMatchObject({ kind: 'WriteSource', dropsMark: true, values: {} });
    expect(withBootstrap(rotatingKeys, { ownership }).actions[0]).toMatchObject({ kind: 'Disown', resourceVersion: '10', ownership });
  });

  it('is left alone where it belongs to somebody else', () => {
    expect(kinds(withBootstrap(rotatingKeys, { hasRenderMark: true, ownership, external: true }))).toEqual(['Stamp']);
  });
});
