/** All comparisons of the operator with Reloader, one after the other, on one cluster. */
import { progressOn, type Progress } from '../../testbed/progress.ts';
import { Audit } from '../audit.ts';
import { Cluster } from '../cluster.ts';
import { mebibytes, median, milliseconds, printTable, quantile, ratio, seconds } from '../figures.ts';
import { inParallel } from '../in-parallel.ts';
import { burstOf, twoWaves, type Burst, type Scene } from './burst.ts';
import { ours, reloader, type Contender } from './contenders.ts';
import { delaysOf, type Delay } from './latency.ts';
import { addForeignSecrets, emptyNode, memoryOf, readsOfSecrets } from './memory.ts';
import { install, namespaces, workloads } from './release.ts';
import { Rollouts } from './rollouts.ts';
import { Verifiers } from './verifiers.ts';

export const parts = ['delay', 'burst', 'memory'] as const;

export interface Options {
  readonly reloader?: string;
  readonly only: readonly (typeof parts)[number][];
  readonly edits: number;
  readonly releases: number;
  readonly secrets: number;
  readonly runs: number;
}

export async function compareOperators(folder: string, options: Options): Promise<void> {
  if (options.reloader === undefined) console.warn('\nONLY OURS IS MEASURED: --reloader names no binary, so there is nothing to compare with.\n');
  const progress = progressOn(process.stderr);
  const cluster = await progress.step('control plane', () => Cluster.start(folder));
  const contenders = [ours(cluster), ...(options.reloader === undefined ? [] : [reloader(options.reloader)])];
  const [verifiers, rollouts] = await Promise.all([Verifiers.start(cluster.client), Rollouts.start(cluster.client)]);
  const comparison = new Comparison(contenders, { cluster, namespaces: namespaces(options.releases), verifiers, rollouts }, options, progress);
  await comparison.run();
}

class Comparison {
  readonly #contenders: readonly Contender[];
  readonly #scene: Scene;
  readonly #options: Options;
  readonly #progress: Progress;
  #installed = 0;

  constructor(contenders: readonly Contender[], scene: Scene, options: Options, progress: Progress) {
    this.#contenders = contenders;
    this.#scene = scene;
    this.#options = options;
    this.#progress = progress;
  }

  /** In an order in which each part finds the cluster as it wants it. */
  async run(): Promise<void> {
    const { only, secrets } = this.#options;
    const isWanted = (part: (typeof parts)[number]): boolean => only.includes(part);
    await this.#install(1);
    if (isWanted('delay')) await this.#delay();
    if (isWanted('memory')) await this.#memory('one release');
    if (isWanted('burst') || isWanted('memory')) await this.#install(this.#scene.namespaces.length);
    if (isWanted('burst')) await this.#burst();
    if (!isWanted('memory')) return;
    await this.#memory(`${this.#installed * workloads.length} workloads`);
    await this.#progress.step(`${secrets} foreign Secrets`, () => addForeignSecrets(this.#scene.cluster, secrets));
    const audit = new Audit(this.#scene.cluster.auditLog);
    await this.#memory(`the same and ${secrets} foreign Secrets`);
    const { all, foreign } = await readsOfSecrets(audit);
    console.log(`Requests of ours about Secrets in the audit log: ${all.length}, about foreign ones: ${foreign.length}`);
  }

  async #install(count: number): Promise<void> {
    const { cluster, namespaces, rollouts } = this.#scene;
    const missing = namespaces.slice(this.#installed, count);
    await this.#progress.step(`releases: ${count}`, async () => {
      await inParallel(missing, 10, (namespace) => install(cluster.client, namespace));
      await rollouts.over(workloads.map(({ name }) => name), count * workloads.length);
    });
    this.#installed = count;
  }

  async #delay(): Promise<void> {
    const [namespace = ''] = this.#scene.namespaces;
    const found = await this.#each('edits', (each) => delaysOf(each, this.#scene.cluster, namespace, this.#options.edits));
    const row = (what: string, of: (delays: readonly number[]) => number, part: keyof Delay) =>
      this.#row(what, found.map((delays) => of(delays.map((delay) => delay[part]))), milliseconds);
    this.#print([
      row('edit to first patch, median', median, 'first'),
      row('edit to first patch, 95 %', (delays) => quantile(delays, 0.95), 'first'),
      row('of it: until its first request comes in', median, 'heard'),
      row('of it: until the patch comes in', median, 'prepared'),
      row('of it: until that is answered', median, 'patched'),
      row('edit to last patch, median', median, 'last'),
    ]);
  }

  async #burst(): Promise<void> {
    const found = await this.#each('all releases edited at once', (each) => burstOf(each, this.#scene));
    const waves = await this.#progress.step('the same rollouts by hand', () => twoWaves(this.#scene));
    const row = (what: string, of: (each: Burst) => number) => this.#row(what, found.map(of), seconds);
    this.#print([
      row('first patch of all releases', ({ allFirst }) => allFirst),
      row('all workloads patched', ({ allPatched }) => allPatched),
      row('all over', ({ allDone }) => allDone),
      this.#row('peak of the memory', found.map(({ peakMemory }) => peakMemory), mebibytes),
    ]);
    const [own] = found;
    console.log(`The same rollouts in two waves by hand: ${seconds(waves)}; ours takes ${ratio(own?.allDone ?? Number.NaN, waves)}\n`);
  }

  async #memory(what: string): Promise<void> {
    const { cluster } = this.#scene;
    const found = await this.#progress.step(`memory, ${what}`, () => memoryOf(this.#contenders, cluster, this.#options.runs));
    this.#print([this.#row(`resident memory, ${what}`, found, mebibytes)]);
    console.log(`An empty Node: ${mebibytes(await emptyNode(cluster))}\n`);
  }

  async #each<T>(what: string, measure: (contender: Contender) => Promise<T>): Promise<T[]> {
    const found: T[] = [];
    for (const contender of this.#contenders) {
      found.push(await this.#progress.step(`${what}, ${contender.user}`, () => measure(contender)));
    }
    return found;
  }

  #row(what: string, values: readonly number[], format: (value: number) => string): string[] {
    const [own = Number.NaN, other] = values;
    return [what, ...values.map(format), ratio(own, other)];
  }

  #print(rows: readonly string[][]): void {
    printTable(['', ...this.#contenders.map(({ user }) => user), 'ours / other'], rows);
  }
}
