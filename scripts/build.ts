/** Bundles each program into `dist/<program>/`, entry `main.mjs`: small images, fast start, little memory. */
import { cpSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build, type Plugin } from 'esbuild';
import { buildDashboard } from './build-dashboard.ts';
import { oneBuildAtATime, replaceFolder } from './dist.ts';

const programs = ['operator', 'backend', 'agent', 'scanner', 'testbed/traffic'];

/**
 * Node's own modules by `require`: an ES import of one looks at all that it exports, and so loads what is there on demand
 * only. With `node:http` that is undici, 5 MiB of memory.
 */
const builtinsOnDemand: Plugin = {
  name: 'builtins-on-demand',
  setup(bundle) {
    bundle.onResolve({ filter: new RegExp(`^(node:.*|${builtinModules.join('|')})$`) }, ({ path, kind }) => (kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined));
    bundle.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = require('${path}')` }));
  },
};

await oneBuildAtATime(async () => {
  await buildDashboard();
  await Promise.all(programs.map((program) => replaceFolder(`dist/${program.replace('testbed/', '')}`, (draft) => bundle(program, draft))));
  console.log(`built ${programs.join(', ')}`);
});

async function bundle(program: string, draft: string): Promise<void> {
  await build({
    entryPoints: [`${program}/main.ts`],
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported on demand, as the kubeconfig reader is, stays a file of its own: inside a pod it is never read.
    splitting: true,
    // Names stay: stack traces are read. docs/decisions/0007 says what else was tried.
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    legalComments: 'none',
    plugins: [builtinsOnDemand],
    // CommonJS dependencies call require(), which an ES module does not have by itself.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module';const require = bundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  if (program === 'backend') {
    cpSync('dist/dashboard', `${draft}/dashboard`, { recursive: true });
    cpSync('docs/openapi.json', `${draft}/openapi.json`);
  }
}
