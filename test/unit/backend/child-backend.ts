/** The real program in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { bound } from '../../fixtures/bound.ts';
import { addSecret, secretsIn } from './seen-secrets.ts';

export interface ChildBackend {
  readonly port: number;
  readonly pid: number;
  /** Everything it has written so far, to both streams. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const secretSettings = ['SERVICE_TOKEN', 'SESSION_SECRET', 'ENCRYPTION_KEY', 'AUTH_API_KEY', 'DATABASE_URL'];

/** Resolves when it listens. The environment is `env` and nothing else. No secret of the test may be in what it writes. */
export async function startChildBackend(env: Record<string, string>, program = 'backend/main.ts'): Promise<ChildBackend> {
  const line = bound(process.execPath, program);
  const child = spawn(line.program, line.args, { env: { HOST: '127.0.0.1', PORT: '0', ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (const name of secretSettings) addSecret(env[name] ?? '');
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    expect(secretsIn(output)).toEqual([]);
  });
  for (let waited = 0; waited < 600; waited += 1) {
    const port = /"url":"http:\/\/[^"]*:(\d+)"/.exec(output)?.[1];
    if (port !== undefined) {
      return { port: Number(port), pid: child.pid!, output: () => output, kill: (signal) => child.kill(signal), ended };
    }
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`the backend did not start: ${output}`);
}
