import { describe, expect, it } from 'vitest';
import { settle } from '../../../../operator/decide/settle.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

const settled = { 'service-token': given.record(['token']), 'session-secret': given.record(['session']) };
const values = { 'service-token': given.value('token'), 'session-secret': given.value('session') };
const settlingOf = (change: Partial<Snapshot>) => settle(given.snapshot({ keys: settled, ...change }), given.now, given.draw());
const settling = (change: Partial<Snapshot>) => settlingOf(change).actions;
const withToken = (token: string, editedBy = {}) =>
  settling({ sources: given.only({ ...values, 'service-token': token }, { resourceVersion: '17', editedBy }) });

it('does nothing when the two Secrets agree', () => {
  expect(settling({})).toEqual([]);
});

it('lets verifiers forget nothing where the versions are those of another cluster, as after a restore', () => {
  const restored = given.record(['token'], { committedFrom: '5000' });
  const [write, ...rest] = settling({ keyring: given.keyring({ ...settled, 'service-token': restored }), sources: given.only(values, { resourceVersion: '17' }) });
  expect(rest).toEqual([]);
  expect(write).toMatchObject({ kind: 'WriteKeyring', resourceVersion: '20', keyring: { keys: { ...settled, 'service-token': { ...restored, committedFrom: '0' } } } });
});

describe('adoption', () => {
  it('records both present values in one creation, committed from nowhere', () => {
    const editedBy = { 'service-token': 'helm' };
    const [write, ...rest] = settling({ keyring: undefined, sources: given.only(values, { resourceVersion: '17', editedBy }) });
    expect(rest).toEqual([]);
    const adopted = { recordedFrom: '17', recordedAt: given.at(0), origin: 'adopted' };
    expect(write).toMatchObject({
      kind: 'WriteKeyring',
      resourceVersion: undefined,
      keyring: {
        keys: {
          'service-token': {
            accepted: [{ ...adopted, name: 'drawn-1', value: values['service-token'], editedBy: 'helm' }],
            target: 'drawn-1',
            committed: 'drawn-1',
            committedFrom: '0',
          },
          'session-secret': { accepted: [{ ...adopted, name: 'drawn-2' }], target: 'drawn-2', committed: 'drawn-2' },
        },
      },
      notices: [{ reason: 'Adopted' }, { reason: 'Adopted' }],
    });
  });

  it('does not judge the value it finds', () => {
    const [write] = settling({ keyring: undefined, sources: given.only({ ...values, 'service-token': 'changeme' }) });
    expect(write).toMatchObject({ keyring: { keys: { 'service-token': { accepted: [{ value: 'changeme' }] } } } });
  });

  it('adopts a key that the keyring has not seen yet, and keeps the record of the other one', () => {
    const { 'service-token': token } = settled;
    const [write] = settling({ keyring: given.keyring({ 'service-token': token }) });
    expect(write).toMatchObject({ resourceVersion: '20', keyring: { keys: { 'service-token': token, 'session-secret': { target: 'drawn-1' } } } });
  });
});

describe('an edit', () => {
  it('becomes the target, everything older stays accepted, in a compare-and-swap of the keyring', () => {
    expect(withToken(given.value('edited'), { 'service-token': 'kubectl-edit' })).toEqual([
      {
        kind: 'WriteKeyring',
        resourceVersion: '20',
        keyring: {
          identities: { bootstrap: given.source({}).identity },
          history: [],
          keys: {
            ...settled,
            'service-token': {
              ...settled['service-token'],
              accepted: [
                { ...settled['service-token'].accepted[0], replacedAt: given.at(0) },
                {
                  name: 'drawn-1',
                  value: given.value('edited'),
                  recordedFrom: '17',
                  recordedAt: given.at(0),
                  origin: 'edited',
                  editedBy: 'kubectl-edit',
                },
              ],
              target: 'drawn-1',
            },
          },
        },
        notices: [
          { type: 'Normal', reason: 'RotationStarted', message: 'service-token: edited by kubectl-edit; rolling out generation drawn-1' },
        ],
      },
    ]);
  });

  it('that goes back to an accepted value gets a name that was never used', () => {
    const keys = { ...settled, 'service-token': given.record(['token', 'second']) };
    const [write] = settling({ keyring: given.keyring(keys), sources: given.only(values) });
    const record = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token'] : undefined;
    expect(record?.accepted.map(({ name }) => name)).toEqual(['token', 'second', 'drawn-1']);
    expect(record).toMatchObject({ target: 'drawn-1', committed: 'token' });
  });

  it('of both keys is one write with two notices', () => {
    const edited = { 'service-token': given.value('t2'), 'session-secret': given.value('s2') };
    const actions = settling({ sources: given.only(edited) });
    expect(actions).toHaveLength(1);
    expect(actions[0]).toMatchObject({ notices: [{ reason: 'RotationStarted' }, { reason: 'RotationStarted' }] });
  });
});

describe('what must not stay', () => {
  const keys = { ...settled, 'service-token': given.record(['token'], { retired: [given.retired('gone')] }) };
  it.each([
    ['an invalid value', { ...values, 'service-token': 'secret but short' }],
    ['a retired value', { ...values, 'service-token': given.value('gone') }],
    ['a missing key', { 'session-secret': values['session-secret'] }],
    ['the value of the other key', { ...values, 'service-token': values['session-secret'] }],
  ])('%s is replaced by the target, in a compare-and-swap of the bootstrap Secret', (_name, found) => {
    const sources = given.only(found, { resourceVersion: '17' });
    const actions = settling({ keyring: given.keyring(keys), sources });
    expect(actions).toMatchObject([
      {
        kind: 'WriteSource',
        resourceVersion: '17',
        values: { 'service-token': values['service-token'] },
        notices: [{ type: 'Warning', reason: 'PutBack' }],
      },
    ]);
    expect(JSON.stringify(actions.map((action) => (action.kind === 'WriteSource' ? action.notices : [])))).not.toContain('secret but short');
  });

  it('the whole Secret gone: it is created with both targets, as its owner made it', () => {
    const identity = { type: 'Opaque', labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: {} };
    const { resourceVersion, keyring } = given.keyring(settled);
    const remembered = { resourceVersion, keyring: { ...keyring, identities: { bootstrap: identity } } };
    expect(settling({ sources: {}, keyring: remembered })).toMatchObject([
      { kind: 'WriteSource', resourceVersion: undefined, values, identity, notices: [{ reason: 'PutBack' }, { reason: 'PutBack' }] },
    ]);
  });

  it('a key that nobody ever recorded gets a generated value', () => {
    const { 'session-secret': session } = settled;
    const sources = given.only({ 'session-secret': values['session-secret'] });
    expect(settling({ keyring: given.keyring({ 'session-secret': session }), sources })).toMatchObject([
      { kind: 'WriteSource', values: { 'service-token': given.value('generated') }, notices: [{ reason: 'Generated' }] },
    ]);
  });

  it('an invalid value of one key does not hold back an edit of the other', () => {
    const sources = given.only({ 'service-token': 'short', 'session-secret': given.value('s2') });
    expect(settling({ sources })).toMatchObject([
      { kind: 'WriteKeyring', notices: [{ reason: 'RotationStarted' }] },
      { kind: 'WriteSource', values: { 'service-token': values['service-token'] } },
    ]);
  });
});
