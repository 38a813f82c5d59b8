/** Runs the program as a person does, and keeps what it wrote. */
import { commands } from '../../../../operator/cli/commands.ts';
import { runProgram } from '../../../../operator/cli/program.ts';

export const commandNames = Object.keys(commands);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the program in this process; `env` has no kubeconfig, so no cluster is met. */
export const run = (...args: readonly string[]): Promise<Ended> => runUntil(new AbortController().signal, ...args);

/** The same, with a signal that ends it as a person does. */
export async function runUntil(signal: AbortSignal, ...args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runProgram({
    args,
    env: {},
    stdout: stream(out) as unknown as NodeJS.WriteStream,
    stderr: stream(error),
    signal,
  });
  return { code, out: out.join(''), error: error.join('') };
}

const stream = (parts: string[]) => ({ write: (text: string) => parts.push(text) > 0, isTTY: false, columns: 80 });
