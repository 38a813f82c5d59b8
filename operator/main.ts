#!/usr/bin/env node
/** The command line. The only file that touches the process: arguments, environment, signals, exit code. */
import process from 'node:process';
import { runProgram } from './cli/program.ts';

const oldestNode = 24;
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(`kure-bootstrap needs Node.js ${oldestNode} or newer; this is ${process.versions.node}, found first on the PATH\n`);
  process.exit(1);
}

// A reader that has seen enough, such as `head`, ends the program and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

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
