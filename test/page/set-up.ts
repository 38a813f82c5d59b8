/** Runs once before all tests of pages: the backend as its image has it, in a folder that nobody else builds into. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../testbed/command.ts';
import { bundleVariable } from './backend.ts';

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'backend-bundle-'));
  await command('npm', ['run', '--silent', 'build']);
  cpSync('dist/backend', folder, { recursive: true });
  process.env[bundleVariable] = folder;
  return () => rmSync(folder, { recursive: true });
}
