/** Bundles each program into one file, `dist/<program>/main.mjs`: small images, fast start, little memory. */
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const programs = ['operator', 'backend', 'agent', 'scanner', 'testbed/traffic'].filter((program) =>
  existsSync(`${program}/main.ts`),
);

await Promise.all(
  programs.map((program) =>
    build({
      entryPoints: [`${program}/main.ts`],
      outfile: `dist/${program.replace('testbed/', '')}/main.mjs`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'none',
      // CommonJS dependencies call require(), which an ES module does not have by itself.
      banner: {
        js: "import { createRequire as bundleRequire } from 'node:module';const require = bundleRequire(import.meta.url);",
      },
      logLevel: 'warning',
    }),
  ),
);
console.log(`built ${programs.join(', ')}`);
