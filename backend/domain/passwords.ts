/**
 * Argon2id hashes of passwords, made one at a time and off the event loop: logging in costs at most one core and the
 * memory of one hash. After each comes a rest, the longer the more else there was to do, so that endless logins leave
 * the cores to the reports.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Declined } from './declined.ts';

/**
 * OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane, the one of its equally strong choices that it
 * names first. The image has glibc give the memory back after every hash.
 */
const current = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const tagLength = 32;
/** At some 30 ms each, and five times as long where the event loop is never idle. */
const maxWaiting = 100;
/** Of the time in which the event loop was active during the hash. */
const restRatio = 4;

const computeArgon2 = promisify(argon2);
/** Standard base64 without padding, as the PHC string format has it. */
const encoded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

export class Passwords {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Returns a PHC string. Throws Declined when too many are waiting. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const tag = await this.#compute(password, salt, current);
    const { memory, passes, parallelism } = current;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encoded(salt)}$${encoded(tag)}`;
  }

  /** Takes the same time where there is nothing to compare with. Throws Declined when too many are waiting. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const known = parse(hash);
    const tag = await this.#compute(password, known?.salt ?? randomBytes(saltBytes), known ?? current);
    return known !== undefined && timingSafeEqual(tag, known.tag);
  }

  async #compute(password: string, nonce: Buffer, { memory, passes, parallelism }: Cost): Promise<Buffer> {
    if (this.#waiting >= maxWaiting) throw new Declined('unavailable', 'Too many logins at once. Try again in a moment', 2_000);
    this.#waiting += 1;
    const message = password.normalize('NFKC');
    const begun = this.#last.then(() => performance.eventLoopUtilization());
    const turn = begun.then(() => computeArgon2('argon2id', { message, nonce, memory, passes, parallelism, tagLength }));
    this.#last = turn
      .catch(() => undefined)
      .finally(() => (this.#waiting -= 1))
      .then(async () => sleep(restRatio * performance.eventLoopUtilization(await begun).active));
    return turn;
  }
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

function parse(hash: string | undefined): (Cost & { readonly salt: Buffer; readonly tag: Buffer }) | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash ?? '');
  if (!match) return undefined;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
