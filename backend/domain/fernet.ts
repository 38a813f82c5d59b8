/**
 * Fernet (https://github.com/fernet/spec), with the key derivation of Kure Monitor 2.3: what it has stored is read, and
 * what is stored here it can read.
 */
import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

const version = 0x80;
const headerBytes = 1 + 8 + 16;
const hmacBytes = 32;
const keyBytes = 32;

/** The 32 bytes that the setting stands for: its own if it is base64 of 32 bytes, else its SHA-256. */
export function deriveKey(setting: string): Buffer {
  const decoded = decodeLeniently(setting);
  return decoded?.length === keyBytes ? decoded : hash('sha256', setting, 'buffer');
}

export function encrypt(key: Buffer, text: string, now: number): string {
  const iv = randomBytes(16);
  const header = Buffer.alloc(9);
  header.writeUInt8(version);
  header.writeBigUInt64BE(BigInt(Math.floor(now / 1000)), 1);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
  const signed = Buffer.concat([header, iv, cipher.update(text, 'utf8'), cipher.final()]);
  const token = Buffer.concat([signed, sign(key, signed)]);
  return token.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Undefined if the token was not made with this key, or is none at all. */
export function decrypt(key: Buffer, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const signed = bytes.subarray(0, -hmacBytes);
  if (signed.length <= headerBytes || bytes[0] !== version) return undefined;
  if (!timingSafeEqual(sign(key, signed), bytes.subarray(-hmacBytes))) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), signed.subarray(9, headerBytes));
  return Buffer.concat([decipher.update(signed.subarray(headerBytes)), decipher.final()]).toString('utf8');
}

function sign(key: Buffer, signed: Buffer): Buffer {
  return createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
}

/**
 * Python's `base64.urlsafe_b64decode`, which Node's decoder is not: characters outside of the alphabet are skipped, what
 * follows complete padding is ignored, and missing padding is an error. Source: CPython, `binascii.a2b_base64`.
 */
function decodeLeniently(text: string): Buffer | undefined {
  if (/[^\0-\x7f]/.test(text)) return undefined;
  let data = '';
  let padding = 0;
  for (const character of text) {
    const position = data.length % 4;
    if (character === '=') {
      if (position < 2) continue;
      padding += 1;
      if (position + padding >= 4) return Buffer.from(data, 'base64');
    } else if (/[A-Za-z0-9+/_-]/.test(character)) {
      padding = 0;
      data += character;
    }
  }
  return data.length % 4 === 0 ? Buffer.from(data, 'base64') : undefined;
}
