// npm run screenshots: a picture of every page, light and dark, on a desktop and on a phone.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { folderVariable } from '../test/screenshots/frames.ts';

/** Those that the README shows. */
const shown = ['credentials-rotating.desktop-light.png', 'failing-pods.desktop-dark.png', 'findings.phone-light.png'];
const shownIn = 'docs/pictures';

await new Command('npm run screenshots --')
  .description('Makes a picture of every page of the dashboard; of a rotation, too, on the test bed.')
  .argument('[folder]', 'where the pictures go', 'dist/screenshots')
  .option('--pages', 'only what needs no cluster')
  .addOption(new Option('--readme', `replaces the pictures of the README, in ${shownIn}, too`).conflicts('pages'))
  .action((folder: string, { pages, readme }: { pages?: true; readme?: true }) => {
    const files = pages ? ['test/screenshots/pages.test.ts'] : [];
    const env = { ...process.env, [folderVariable]: resolve(folder) };
    const { status } = spawnSync('vitest', ['run', '--project', 'screenshots', ...files], { stdio: 'inherit', env });
    process.exitCode = status ?? 1;
    if (status === 0 && readme) copyShown(folder);
  })
  .parseAsync();

function copyShown(folder: string): void {
  mkdirSync(shownIn, { recursive: true });
  for (const name of shown) copyFileSync(join(folder, name), join(shownIn, name));
}
