/** Counts by key in bounded memory: beyond `limit` keys the one that was not counted for longest is dropped. */
export interface Count {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

export class Tally<Subject> {
  readonly #limit: number;
  /** The one counted last stands last. */
  readonly #entries = new Map<string, Count & { readonly subject: Subject }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts `subject` once more; with `times` 0 only the time moves, if it is known. */
  add(key: string, subject: Subject, at: number, times: 0 | 1 = 1): void {
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    this.#entries.set(key, { subject, count: known ? known.count + times : 1, lastAt: at });
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value!);
  }

  keepOnly(wanted: (subject: Subject) => boolean): void {
    for (const [key, { subject }] of this.#entries) if (!wanted(subject)) this.#entries.delete(key);
  }

  entries(): (Count & { readonly subject: Subject })[] {
    return [...this.#entries.values()];
  }
}
