/**
 * An open loop: so many calls a second, whatever becomes of them. What is due is computed from the time since the
 * start, so neither slow answers nor a late timer change the rate.
 */

export interface GeneratorOptions {
  /** Calls a second. */
  readonly rate: number;
  /** Gets 0, 1, 2, …; must not reject. */
  readonly call: (sequence: number) => Promise<void>;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
}

const tickMs = 5;

export class Generator {
  readonly #options: GeneratorOptions;
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #begun = 0;

  constructor(options: GeneratorOptions) {
    this.#options = options;
  }

  start(): void {
    const { rate, now = () => performance.now() } = this.#options;
    const startedAt = now();
    this.#timer = setInterval(() => {
      const due = Math.floor(((now() - startedAt) / 1000) * rate);
      while (this.#begun < due) this.#begin();
    }, tickMs);
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
  }

  #begin(): void {
    const call = this.#options.call(this.#begun).finally(() => this.#underWay.delete(call));
    this.#underWay.add(call);
    this.#begun += 1;
  }
}
