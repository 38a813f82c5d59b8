/** Whether requests should be sent here, and if not, why. */
export class Readiness {
  readonly #missing = new Set<string>();
  #draining = false;

  /** Not ready until the returned function is called; `reason` completes the sentence "not ready: ...". */
  waitFor(reason: string): () => void {
    this.#missing.add(reason);
    return () => this.#missing.delete(reason);
  }

  /** For good: the process is about to end. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** True from the first moment that tokens can be judged; draining does not change it. */
  get started(): boolean {
    return this.#missing.size === 0;
  }

  /** Empty when ready. */
  get reasons(): readonly string[] {
    return this.#draining ? ['it is shutting down', ...this.#missing] : [...this.#missing];
  }
}
