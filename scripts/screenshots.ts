// npm run screenshots: a picture of every page, light and dark, on a desktop and on a phone.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { folderVariable } from '../test/screenshots/frames.ts';

await new Command('npm run screenshots --')
  .description('Makes a picture of every page of the dashboard; of a rotation, too, on the test bed.')
  .argument('[folder]', 'where the pictures go', 'dist/screenshots')
  .option('--pages', 'only what needs no cluster')
  .action((folder: string, { pages }: { pages?: true }) => {
    const files = pages ? ['test/screenshots/pages.test.ts'] : [];
    const env = { ...process.env, [folderVariable]: resolve(folder) };
    const { status } = spawnSync('vitest', ['run', '--project', 'screenshots', ...files], { stdio: 'inherit', env });
    process.exitCode = status ?? 1;
  })
  .parseAsync();
