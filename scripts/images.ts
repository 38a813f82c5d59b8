// scripts/images: one image per program in dist/, into the test bed or a file.
import { createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { importImages } from '../testbed/containers.ts';
import { archive } from '../testbed/oci/image.ts';
import { programImages } from '../testbed/oci/programs.ts';
import { progressOn } from '../testbed/progress.ts';

type Options = { from: string; output?: string; tag: string };

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const images = new Command('scripts/images')
  .description('Builds an image for each program in dist/ and imports it into the test bed; run npm run build first.')
  .option('--from <folder>', 'where the bundles are: <folder>/<program>/main.mjs', 'dist')
  .option('--tag <tag>', 'what comes after the colon', version)
  .option('--output <file>', 'write an OCI archive instead of importing')
  .addHelpText('after', '\nExample:\n  npm run build && scripts/images')
  .action(async ({ from, output, tag }: Options) => {
    const progress = progressOn(process.stderr);
    const built = await progress.step('building images', () => programImages(from, tag));
    if (output) return pipeline(Readable.from(archive(built)), createWriteStream(output));
    const imported = await progress.step('importing images', () => importImages(built));
    for (const { name, manifest } of built)
      console.log(`${name}  ${manifest.digest.slice(7, 19)}  ${imported.includes(name) ? 'imported' : 'unchanged'}`);
  });

try {
  await images.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
