import { describe, expect, it } from 'vitest';
import { answerRequests } from '../../../../operator/decide/requests.ts';
import type { Requests } from '../../../../operator/model/snapshot.ts';
import type { Generation, KeyRecord } from '../../../../shared/credential/keyring.ts';
import * as given from '../../../fixtures/given.ts';

const session = given.record(['session']);

function asked(requests: Partial<Requests>, token: KeyRecord = given.rotating, change: { readonly external?: boolean } = {}) {
  const keys = { 'service-token': token, 'session-secret': session };
  const sources = given.sourcesOf(keys, { ...change, requests: { pause: false, ...requests } });
  return answerRequests(given.snapshot({ keys, sources }), given.now, given.draw());
}

const consumed = (request: keyof Requests, message?: string) => ({
  kind: 'WriteSource',
  resourceVersion: '10',
  values: {},
  consumed: [request],
  notices: message === undefined ? [] : [{ type: 'Warning', reason: 'Refused', message: expect.stringContaining(message) as string }],
});

it('does nothing where nothing is asked for, and nothing by itself for a pause', () => {
  expect(asked({})).toEqual({ rejections: [] });
  expect(asked({ pause: true })).toEqual({ rejections: [] });
});

const made = (name: string) => given.generation(name, { origin: 'rendered', recordedFrom: '17' });

describe('abort', () => {
  it('puts the committed value back, and is consumed in that very write', () => {
    expect(asked({ abort: 'new' }).action).toMatchObject({
      kind: 'WriteSource',
      source: 'bootstrap',
      resourceVersion: '10',
      values: { 'service-token': given.value('old') },
      consumed: ['abort'],
      notices: [{ reason: 'Aborted' }],
    });
  });

  it('is refused after the retirement', () => {
    expect(asked({ abort: 'new' }, given.retiring).action).toMatchObject(consumed('abort', 'retired already'));
  });

  it.each([['a generation that is not the target any more', 'old'], ['one that is retired', 'gone']])('of %s changes nothing', (_name, name) => {
    const token = given.record(['old', 'new'], { retired: [given.retired('gone')] });
    expect(asked({ abort: name }, token).action).toMatchObject(consumed('abort'));
  });

  it('of a committed target changes nothing', () => {
    expect(asked({ abort: 'new' }, given.record(['new'])).action).toMatchObject(consumed('abort'));
  });
});

describe('revoke', () => {
  it('ends an older generation at once', () => {
    const { action } = asked({ revoke: 'old' });
    expect(action).toMatchObject({ kind: 'WriteKeyring', resourceVersion: '20', notices: [{ reason: 'Revoked' }] });
    const record = action?.kind === 'WriteKeyring' ? action.keyring.keys['service-token'] : undefined;
    expect(record?.accepted.map(({ name }) => name)).toEqual(['new']);
    expect(record?.retired).toEqual([{ name: 'old', value: given.value('old'), retiredAt: given.at(0) }]);
  });

  it('waits for the end of a pause: who holds the value could not move', () => {
    expect(asked({ revoke: 'old', pause: true })).toEqual({ rejections: [] });
    expect(asked({ revoke: 'new', pause: true })).toEqual({ rejections: [] });
  });

  it('ends the value under all of its names, but never the target', () => {
    const accepted = [given.generation('a'), given.generation('b'), given.generation('c', { value: given.value('a') })];
    const { action } = asked({ revoke: 'a' }, given.record([], { accepted }));
    const record = action?.kind === 'WriteKeyring' ? action.keyring.keys['service-token'] : undefined;
    expect(record?.accepted.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(record?.retired).toEqual([]);
  });

  it('of the value in force first replaces it, and stays until that is done', () => {
    const { action } = asked({ revoke: 'new' }, given.record(['new']));
    expect(action).toMatchObject({ kind: 'WriteSource', values: { 'service-token': given.value('generated') }, consumed: [] });
  });

  it('of what is retired already is consumed in silence', () => {
    expect(asked({ revoke: 'gone' }, given.record(['new'], { retired: [given.retired('gone')] })).action).toMatchObject(consumed('revoke'));
  });
});

describe('accept', () => {
  const token = given.record(['token'], { accepted: [given.generation('token'), made('made')], target: 'token' });

  it('takes everything that the same render made up, without its mark', () => {
    const keys = {
      'service-token': token,
      'session-secret': given.record(['session'], { accepted: [given.generation('session'), made('too')], target: 'session' }),
    };
    const sources = given.sourcesOf(keys, { requests: { pause: false, accept: 'made' } });
    const { action } = answerRequests(given.snapshot({ keys, sources }), given.now, given.draw());
    expect(action).toMatchObject({
      values: { 'service-token': given.value('made'), 'session-secret': given.value('too') },
      consumed: ['accept'],
      dropsMark: true,
    });
  });

  it('of a generation that a person made is refused', () => {
    expect(asked({ accept: 'old' }).action).toMatchObject(consumed('accept', 'was not made up'));
  });
});

describe('retire', () => {
  it('of an older generation is a permission that stays', () => {
    expect(asked({ retire: 'old' })).toEqual({ rejections: [] });
  });

  it('of the generation in force is refused', () => {
    expect(asked({ retire: 'new' }).action).toMatchObject(consumed('retire', 'the one in force'));
  });
});

describe.each(['abort', 'revoke', 'accept', 'retire'] as const)('%s of a generation that nobody knows', (request) => {
  it('is refused, by name', () => {
    expect(asked({ [request]: 'nobody' }).action).toMatchObject(consumed(request, 'there is no generation nobody'));
  });
});

describe('on a Secret of somebody else', () => {
  it.each(['abort', 'revoke'] as const)('%s of the target says where to change it, and writes nothing there', (request) => {
    expect(asked({ [request]: 'new' }, given.rotating, { external: true })).toEqual({
      rejections: [{ key: 'service-token', why: expect.stringContaining('change it at its source') as string }],
    });
  });

  it('revoke of an older generation needs no write there, and works', () => {
    expect(asked({ revoke: 'old' }, given.rotating, { external: true }).action).toMatchObject({ kind: 'WriteKeyring' });
  });
});

/** `made` is to be accepted; the last one is the target. */
const acceptingKey = (...accepted: Generation[]) => {
  const taken = { 'service-token': given.record(['token']), 'encryption-key': given.record([], { accepted, target: accepted.at(-1)!.name }) };
  const sources = given.sourcesOf(taken, { requests: { pause: false, accept: 'made' } });
  return answerRequests(given.snapshot({ keys: taken, sources }), given.now, given.draw()).action;
};

describe('for an encryption key', () => {
  const keys = { 'service-token': given.record(['token']), 'encryption-key': given.rotating };
  const of = (requests: Partial<Requests>) => {
    const sources = given.sourcesOf(keys, { requests: { pause: false, ...requests } });
    return answerRequests(given.snapshot({ keys, sources }), given.now, given.draw()).action;
  };

  it('abort writes its own Secret, and is consumed in the next pass', () => {
    expect(of({ abort: 'new' })).toMatchObject({ source: 'encryption', values: { 'encryption-key': given.value('old') }, consumed: [] });
  });

  it('accept takes the mark away, without which the made-up value is an edit, also where it has not gone back yet', () => {
    expect(acceptingKey(made('made'), given.generation('old'))).toMatchObject({ source: 'encryption', dropsMark: true, consumed: [] });
  });

  it('accept is consumed as soon as the made-up value is the target, under a name of its own', () => {
    expect(acceptingKey(given.generation('old'), made('made'), given.generation('new', { value: given.value('made') }))).toMatchObject(consumed('accept'));
  });

  it('revoke is refused: what is stored under it could not be read', () => {
    expect(of({ revoke: 'old' })).toMatchObject(consumed('revoke', 'rotate it'));
  });
});
