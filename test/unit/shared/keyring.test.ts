import { describe, expect, it } from 'vitest';
import { isRotating, KeyringError, parseKeyring, serializeKeyring, targetOf } from '../../../shared/credential/keyring.ts';
import * as given from '../../fixtures/given.ts';

const { keyring } = given.keyring({ 'service-token': given.rotating, 'session-secret': given.record(['session'], { retired: [given.retired('gone')] }) });
const document = (change: object) => JSON.stringify({ version: 1, ...keyring, ...change });
const withRecord = (change: object) => document({ keys: { 'service-token': { ...given.rotating, ...change } } });

it('is read back as it was written', () => {
  expect(parseKeyring(serializeKeyring(keyring))).toEqual(keyring);
});

describe('a document that cannot be read', () => {
  const secret = 'the-secret-value';
  it.each([
    ['empty', ''],
    ['not JSON', `{"value":"${secret}`],
    ['no object', JSON.stringify(secret)],
    ['null', 'null'],
    ['a list', JSON.stringify([secret])],
    ['of another version', document({ version: 2, secret })],
    ['without keys', document({ keys: secret })],
    ['without history', document({ history: secret })],
    ['with a record that is no object', document({ keys: { 'service-token': secret } })],
    ['with accepted that is no list', withRecord({ accepted: secret })],
    ['with an accepted one without a name', withRecord({ accepted: [{ value: secret }] })],
    ['with a value that is no text', withRecord({ retired: [{ name: secret, value: 7 }] })],
    ['with a target that it does not hold', withRecord({ target: 'lost', secret })],
    ['without a target', withRecord({ target: undefined, secret })],
    ['without a committed one', withRecord({ committed: [secret] })],
    ['without the version that was committed', withRecord({ committedFrom: 7, secret })],
  ])('because it is %s: the error holds no part of it', (_name, text) => {
    const error = (() => {
      try {
        return parseKeyring(text);
      } catch (error) {
        return error;
      }
    })();
    expect(error).toBeInstanceOf(KeyringError);
    expect((error as KeyringError).message).toMatch(/^the keyring Secret's keyring.json (is not JSON|has an unknown shape|is of a version that only a newer operator knows)$/);
    expect((error as KeyringError).cause).toBeUndefined();
  });
});

it('rotates until the target is committed and the only one accepted', () => {
  expect(isRotating(given.rotating)).toBe(true);
  expect(isRotating(given.retiring)).toBe(true);
  expect(isRotating(given.record(['old', 'new'], { target: 'old', committed: 'old' }))).toBe(true);
  expect(isRotating(given.record(['new']))).toBe(false);
});

it('without its target is an error that names the generation only', () => {
  expect(targetOf(given.rotating).name).toBe('new');
  expect(() => targetOf(given.record(['old'], { target: 'lost' }))).toThrow('the keyring does not hold its target lost');
});
