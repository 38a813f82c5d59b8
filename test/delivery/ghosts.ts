/** Retired tokens, presented again and again from then on: nobody may accept one. */
import type { Keyring } from '../../shared/credential/keyring.ts';
import type { ReleaseInside } from '../scale/harness/release-inside.ts';

const everyMs = 250;

export class Ghosts {
  /** A sentence for each generation that was accepted after all, and by whom. */
  readonly accepted = new Set<string>();
  readonly #inside: ReleaseInside;
  readonly #values = new Map<string, string>();
  readonly #presenting: NodeJS.Timeout;

  constructor(inside: ReleaseInside) {
    this.#inside = inside;
    this.#presenting = setInterval(() => void this.present(), everyMs);
  }

  /** Once retired, for ever: a keyring that forgets is no excuse. */
  know(keyring: Keyring | undefined): void {
    for (const { name, value } of keyring?.keys['service-token']?.retired ?? []) this.#values.set(name, value);
  }

  async present(): Promise<void> {
    for (const [name, value] of this.#values) {
      for (const pod of await this.#inside.accepting(value)) this.accepted.add(`${pod} accepts ${name}`);
    }
  }

  stop(): void {
    clearInterval(this.#presenting);
  }
}
