/** Retired tokens, presented again and again from then on: nobody may accept one. */
import type { Keyring } from '../../shared/credential/keyring.ts';
import type { Inside } from './ground.ts';
import { Loop } from './loop.ts';

const everyMs = 250;

export class Ghosts {
  /** A sentence for each generation that was accepted after all, and by whom. */
  readonly accepted = new Set<string>();
  readonly #inside: Inside;
  readonly #values = new Map<string, string>();
  readonly #loop = new Loop(() => this.present(), everyMs);

  constructor(inside: Inside) {
    this.#inside = inside;
    this.#loop.start();
  }

  /** Once retired, for ever: a keyring that forgets is no excuse. */
  know(keyring: Keyring | undefined): void {
    for (const { name, value } of keyring?.keys['service-token']?.retired ?? []) this.#values.set(name, value);
  }

  async present(): Promise<void> {
    await this.#inside.look?.();
    for (const [name, value] of this.#values) {
      for (const pod of await this.#inside.accepting(value)) this.accepted.add(`${pod} accepts ${name}`);
    }
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
