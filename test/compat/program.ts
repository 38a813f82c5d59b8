/** One program under test in a process of its own, and everything it has written. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bound } from '../fixtures/bound.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment but PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
}

export class Program {
  readonly name: string;
  readonly #child;
  readonly #ended: Promise<unknown>;
  output = '';

  constructor(name: string, command: string, args: readonly string[], { cwd, env }: ProgramOptions) {
    this.name = name;
    const { PATH = '', HOME = '/' } = process.env;
    const line = bound(command, ...args);
    this.#child = spawn(line.program, line.args, { ...(cwd !== undefined && { cwd }), env: { PATH, HOME, ...env } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.#child.once('error', (error) => (this.output += `\n${error.message}\n`));
    this.#ended = once(this.#child, 'close').catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How often the pattern is in what was written; it needs the flag `g`. */
  count(pattern: RegExp): number {
    return this.output.match(pattern)?.length ?? 0;
  }

  async stop(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
