/** Bundles each program into `dist/<program>/`, entry `main.mjs`: small images, fast start, little memory. */
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import './build-dashboard.ts';

const programs = ['operator', 'backend', 'agent', 'scanner', 'testbed/traffic'].filter((program) =>
  existsSync(`${program}/main.ts`),
);

/**
<<<<<<< HEAD
 * Node's own modules by `require`: an ES import of one looks at all that it exports, and so loads what is there on demand
 * only. With `node:http` that is undici, 5 MiB of memory.
 */
const builtinsOnDemand: Plugin = {
  name: 'builtins-on-demand',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ path, kind }) => (kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined));
    bundle.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = require('${path}')` }));
=======
 * An ES import of one of Node's modules reads all that it exports, and node:http answers with WebSocket, for which it loads
 * the whole of fetch: 12 MiB. require() reads nothing.
 */
const requireNode: Plugin = {
  name: 'require-node',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) => (kind === 'import-statement' ? { path, namespace: 'node' } : undefined));
    build.onLoad({ filter: /./, namespace: 'node' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule('${path}')` }));
>>>>>>> 6748119 (Stores: the texts of statements that run for every report and every request of a person are built once)
  },
};

await Promise.all(
  programs.map(async (program) => {
    const folder = `dist/${program.replace('testbed/', '')}`;
    const draft = `${folder}.${process.pid}`;
    await build({
      entryPoints: [`${program}/main.ts`],
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      // What is imported on demand, as the kubeconfig reader is, stays a file of its own: inside a pod it is never read.
      splitting: true,
      minify: true,
      keepNames: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      legalComments: 'none',
      plugins: [builtinsOnDemand],
      // CommonJS dependencies call require(), which an ES module does not have by itself.
      banner: {
        js: "import { createRequire as bundleRequire } from 'node:module';const require = bundleRequire(import.meta.url);",
      },
      plugins: [requireNode],
      logLevel: 'warning',
    });
    if (program === 'backend') {
      cpSync('dist/dashboard', `${draft}/dashboard`, { recursive: true });
      cpSync('docs/openapi.json', `${draft}/openapi.json`);
    }
    // Nobody may see half a bundle.
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }),
);
console.log(`built ${programs.join(', ')}`);
