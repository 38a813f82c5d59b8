#!/usr/bin/env node
/** The command line. The only file that touches the process: arguments, environment, signals, exit code. */
import process from 'node:process';
import { runProgram } from './cli/program.ts';

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
}

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopping.signal,
});
