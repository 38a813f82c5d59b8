// Runs one command to its end; a failure says which command and what it printed.
import { spawn } from 'node:child_process';
import { pipeline, Readable } from 'node:stream';

export type CommandOptions = {
  input?: string | Iterable<Buffer>;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  onErrorOutput?: (text: string) => void;
};

export function command(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const output: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    options.onErrorOutput?.(text);
    complaint = (complaint + text).slice(-4000);
  });
  child.on('error', reject);
  child.on('close', (code, signal) => {
    if (code === 0) resolve(Buffer.concat(output).toString());
    else
      reject(new Error(`${program} ${args.slice(0, 6).join(' ')} ended with ${signal ?? code}: ${complaint.trim()}`));
  });
  const input = typeof options.input === 'string' ? [options.input] : (options.input ?? []);
  pipeline(Readable.from(input), child.stdin, () => {}); // it may end before it read everything: its exit code tells
  return promise;
}
