/** One operator of a release behind a gate of its own: it can be killed, frozen, cut off, and started again. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import type { Connection } from '../../../shared/kube/connect.ts';
import { WriteGate } from '../../../testbed/write-gate.ts';
import { OperatorProcess, type Settings } from './operator-process.ts';

export class Contender {
  readonly gate: WriteGate;
  readonly #settings: Settings;
  readonly #clock = join(tmpdir(), `clock-${nanoid()}`);
  /** What each process said that has ended. */
  readonly #said: string[] = [];
  #process: OperatorProcess | undefined;
  #isOver = false;

  private constructor(gate: WriteGate, settings: Settings) {
    this.gate = gate;
    this.#settings = settings;
  }

  /** Not started yet. */
  static async create(connection: Connection, settings: Settings): Promise<Contender> {
    return new Contender(await WriteGate.start(connection), settings);
  }

  start(): void {
    if (!this.#isOver) this.#process = new OperatorProcess({ server: this.gate.url, settings: this.#settings });
  }

  /** Starts it with a clock that can be moved. */
  async startWithClock(offset: string): Promise<void> {
    await this.moveClock(offset);
    this.#process = new OperatorProcess({ server: this.gate.url, settings: this.#settings, clock: this.#clock });
  }

  /** Its time of day is off by this from now on, as libfaketime reads it: `+2h`. */
  moveClock(offset: string): Promise<void> {
    return writeFile(this.#clock, offset);
  }

  /** At once and without a word. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.kill();
    if (process) this.#said.push(process.said);
  }

  /** For seconds or for ever: it is not told, and its connections stay open. */
  freeze(): void {
    this.#process?.freeze();
  }

  thaw(): void {
    this.#process?.thaw();
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  get hasEndedByItself(): boolean {
    return this.#process?.hasEndedByItself ?? false;
  }

  get said(): string {
    return [...this.#said, this.#process?.said ?? ''].join('\n--- killed ---\n');
  }

  /** It never starts again. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.kill();
    await this.gate.stop();
    await rm(this.#clock, { force: true });
  }
}
