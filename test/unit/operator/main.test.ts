/** The program as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const start = (...options: readonly string[]) => spawn(process.execPath, [...options, 'operator/main.ts', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });

it('ends without a word where its reader has seen enough', async () => {
  const program = start();
  program.stdout.destroy();
  const [said, [code]] = await Promise.all([text(program.stderr), once(program, 'exit')]);
  expect({ said, code }).toEqual({ said: '', code: 0 });
});

it('says which Node it needs on an older one', async () => {
  const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
  const program = start('--import', `data:text/javascript,${older}`);
  const [said, [code]] = await Promise.all([text(program.stderr), once(program, 'exit')]);
  expect(said).toBe('kure-bootstrap needs Node.js 24 or newer; this is 20.19.0, found first on the PATH\n');
  expect(code).toBe(1);
});
