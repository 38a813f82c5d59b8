/** Steady changes to a handful of ConfigMaps: created, edited, moved from one selector to another, removed, replaced. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../shared/kube/client.ts';
import { objectPath } from '../../shared/kube/objects.ts';
import type { TestNamespace } from '../fixtures/namespace.ts';

export const groups = 5;
const objects = 40;
const pauseMs = 40;

export const selectorOf = (group: number): string => `soak=${group}`;

export class Churn {
  readonly #kube: KubeClient;
  readonly #namespace: TestNamespace;
  readonly #random: () => number;
  readonly #existing = new Set<string>();
  #goesOn = true;
  #running = Promise.resolve();
  changes = 0;

  constructor(namespace: TestNamespace, random: () => number) {
    this.#kube = namespace.kube;
    this.#namespace = namespace;
    this.#random = random;
  }

  start(): void {
    this.#goesOn = true;
    this.#running = this.#run();
  }

  /** Resolves when the last change is made. */
  async stop(): Promise<void> {
    this.#goesOn = false;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#goesOn) {
      await this.#change(`object-${this.#upTo(objects)}`);
      this.changes += 1;
      await sleep(pauseMs);
    }
  }

  async #change(name: string): Promise<void> {
    const path = objectPath('configmaps', this.#namespace.name, name);
    if (!this.#existing.has(name)) return this.#create(name);
    const dice = this.#random();
    if (dice < 0.6) await this.#kube.patch(path, 'merge', { data: { change: String(this.changes) } });
    else if (dice < 0.8) await this.#kube.patch(path, 'merge', { metadata: { labels: this.#labels() } });
    else {
      await this.#kube.delete(path);
      this.#existing.delete(name);
      if (dice < 0.9) await this.#create(name);
    }
  }

  async #create(name: string): Promise<void> {
    await this.#kube.create(this.#namespace.path, { metadata: { name, labels: this.#labels() } });
    this.#existing.add(name);
  }

  #labels(): Readonly<Record<string, string>> {
    return { soak: String(this.#upTo(groups)) };
  }

  #upTo(count: number): number {
    return Math.floor(this.#random() * count);
  }
}
