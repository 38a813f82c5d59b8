/** What was looked at, line by line, and the sum. */
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';

const lookMs = 250;

export class Checks {
  #passed = 0;
  #failed = 0;

  /** Waits until `holds` does; what it throws counts as not yet. */
  async eventually(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
    const deadline = performance.now() + seconds * 1_000;
    let lastError = '';
    while (true) {
      const isTrue = await Promise.resolve()
        .then(holds)
        .catch((error: unknown) => ((lastError = String(error)), false));
      if (isTrue || performance.now() > deadline) return this.say(what, isTrue, isTrue ? '' : `not within ${seconds} s ${lastError}`);
      await sleep(lookMs);
    }
  }

  say(what: string, holds: boolean, why = ''): void {
    if (holds) this.#passed += 1;
    else this.#failed += 1;
    const mark = holds ? styleText('green', 'ok  ') : styleText('red', 'FAIL');
    console.log(`${mark}  ${what}${why === '' ? '' : `: ${why.trim()}`}`);
  }

  /** Returns whether everything held. */
  sum(): boolean {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}
