import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { decrypt, deriveKey, encrypt } from '../../../backend/domain/fernet.ts';

/** Made with Python's cryptography 48: fixed time and IV. */
const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const token =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0OD-LukriHJb1FzEFAwa09OBMyJ5krUlmyMIDB9iJH9ZMrRpc3JEqcVb5yaGf3LzzSIw==';
const emptyUnderFreeText =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0OD2mM_lahMJcGtazboL6CghLzK9sVyagyCav8P-WkixHkaJI65Bpj__f7kP5xAXD5RA==';

const counted = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const isOwnBytes = (setting: string) => deriveKey(setting).equals(counted);

describe('the key', () => {
  it('is the 32 bytes of the setting, as Python decodes them', () => {
    const plain = counted.toString('base64');
    expect(isOwnBytes(plain)).toBe(true);
    expect(isOwnBytes(`${plain}\n`)).toBe(true);
    expect(isOwnBytes(` ${plain.slice(0, 7)}!${plain.slice(7)}more=`)).toBe(true);
    const both = Buffer.from('fbff'.repeat(16), 'hex');
    for (const setting of [both.toString('base64'), both.toString('base64').replaceAll('+', '-').replaceAll('/', '_')]) {
      expect(deriveKey(setting).equals(both)).toBe(true);
    }
  });

  it('is the SHA-256 of the setting otherwise: without padding, as hex, as free text, not ASCII, twice encoded', () => {
    const settings = [key.slice(0, -1), counted.toString('hex'), 'hello hello', `${key}ä`.slice(1), Buffer.from(key).toString('base64')];
    for (const setting of settings) {
      expect(deriveKey(setting)).toHaveLength(32);
      expect(isOwnBytes(setting)).toBe(false);
    }
    expect(decrypt(deriveKey('hello hello'), emptyUnderFreeText)).toBe('');
  });
});

describe('a token', () => {
  it('made in Python is read here, and only with its key', () => {
    expect(decrypt(deriveKey(key), token)).toBe('sk-secret ä');
    expect(decrypt(deriveKey('another'), token)).toBeUndefined();
  });

  it('is refused when one bit of it is different, when it is cut, and when it is none', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (const index of bytes.keys()) {
      const forged = Buffer.from(bytes);
      forged[index]! ^= 1;
      expect(decrypt(deriveKey(key), forged.toString('base64url'))).toBeUndefined();
    }
    for (const length of [0, 1, 25, 57, bytes.length - 1]) {
      expect(decrypt(deriveKey(key), bytes.subarray(0, length).toString('base64url'))).toBeUndefined();
    }
    expect(decrypt(deriveKey(key), 'sk-in-clear')).toBeUndefined();
  });

  it('never repeats', () => {
    expect(encrypt(deriveKey(key), 'same', 0)).not.toBe(encrypt(deriveKey(key), 'same', 0));
  });
});

const python = (script: string, ...args: string[]) => spawnSync('python3', ['-c', script, ...args], { encoding: 'utf8' });
const hasCryptography = python('import cryptography').status === 0;

/** Upstream's rule in upstream's language. */
const upstream = `
import base64, hashlib, sys
from cryptography.fernet import Fernet
def of(setting):
    try:
        raw = base64.urlsafe_b64decode(setting)
        if len(raw) == 32: return Fernet(setting)
    except Exception: pass
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(setting.encode()).digest()))
for setting, token in (line.split('\\t') for line in sys.argv[1].split('\\n')):
    print(of(setting).decrypt(token.encode()).decode())
`;

it.runIf(hasCryptography)('is read by Python, whatever the key looks like', { timeout: 30_000 }, () => {
  const alphabet = 'AQgw+/-_=! é';
  const random = Array.from({ length: 500 }, (_, index) => {
    const length = 40 + (index % 7);
    return Array.from({ length }, () => alphabet[Math.floor(Math.random() ** 3 * alphabet.length)]).join('');
  });
  const settings = [key, key.slice(0, -1), 'hello hello', `${key}==x`, `=${key}`, 'A'.repeat(42) + '==', ...random];
  const given = settings.map((setting, index) => `${setting}\t${encrypt(deriveKey(setting), `text ${index}`, Date.now())}`);
  const { stdout, stderr } = python(upstream, given.join('\n'));
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(settings.map((_, index) => `text ${index}`));
});
