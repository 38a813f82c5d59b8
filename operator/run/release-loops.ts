/** One loop for each release, while this process may write. */
import { releaseId, type Release } from '../model/release.ts';
import { ReleaseLoop, type Surroundings } from './release-loop.ts';

export class ReleaseLoops {
  readonly #surroundings: Surroundings;
  readonly #loops = new Map<string, ReleaseLoop>();
  #mayWrite = false;
  #isAligning = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Something that concerns the release has changed, perhaps that it has come or gone. */
  note(release: Release): void {
    this.#loops.get(releaseId(release))?.wake.note();
    this.#align();
  }

  /** Starts a loop for each release, or stops them all. */
  lead(mayWrite: boolean): void {
    this.#mayWrite = mayWrite;
    this.#align();
  }

  /** Resolves when all loops have ended. */
  async stop(): Promise<void> {
    this.lead(false);
    const loops = [...this.#loops.values()];
    for (const loop of loops) loop.stop();
    await Promise.all(loops.map(({ ended }) => ended));
  }

  /** Milliseconds since the epoch of the oldest last pass of any loop; undefined where none runs. */
  get oldestPass(): number | undefined {
    return this.#loops.size === 0 ? undefined : Math.min(...[...this.#loops.values()].map(({ passedAt }) => passedAt));
  }

  /** Many changes of one turn are looked at once. */
  #align(): void {
    if (this.#isAligning) return;
    this.#isAligning = true;
    setImmediate(() => {
      this.#isAligning = false;
      const wanted = new Map(this.#mayWrite ? this.#surroundings.cluster.releases().map((it) => [releaseId(it), it]) : []);
      for (const [id, loop] of this.#loops) if (!wanted.has(id)) loop.stop();
      for (const [id, release] of wanted) if (!this.#loops.has(id)) this.#start(id, release);
    });
  }

  /** A release has one loop at a time: one that comes back waits until its old loop has ended. */
  #start(id: string, release: Release): void {
    const loop = new ReleaseLoop(release, this.#surroundings);
    this.#loops.set(id, loop);
    void loop.ended.finally(() => {
      this.#loops.delete(id);
      this.#align();
    });
  }
}
