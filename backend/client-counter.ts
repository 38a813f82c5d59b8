/** A counter whose labels are what clients have sent. */
import { Counter, type CounterConfiguration } from '@prometheus-io/client';

/** A series lives as long as the process, so it is not for clients to say how many there are and how long. */
const mostSeries = 1_000;
const longest = 512;

export class ClientCounter<Label extends string> {
  readonly #counter: Counter<Label>;
  readonly #rest: Readonly<Record<Label, string>>;
  readonly #known = new Set<string>();

  constructor(configuration: CounterConfiguration<Label> & { readonly labelNames: readonly Label[] }) {
    this.#counter = new Counter(configuration);
    this.#rest = Object.fromEntries(configuration.labelNames.map((label) => [label, 'other'])) as Record<Label, string>;
  }

  /** Beyond the limits all labels are `other`. */
  inc(labels: Readonly<Record<Label, string>>): void {
    const key = JSON.stringify(labels);
    const isTooMuch = key.length > longest || (this.#known.size >= mostSeries && !this.#known.has(key));
    if (!isTooMuch) this.#known.add(key);
    this.#counter.inc(isTooMuch ? this.#rest : labels);
  }
}
