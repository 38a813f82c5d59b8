/** Builds the dashboard into `dist/dashboard/`: what a browser loads, and each file compressed beside it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { oneBuildAtATime, replaceFolder } from './dist.ts';

const folder = 'dist/dashboard';

export async function buildDashboard(): Promise<void> {
  // Where a test builds, React would come with its help for developers.
  process.env['NODE_ENV'] = 'production';
  await replaceFolder(folder, async (draft) => {
    await build({ configFile: 'dashboard/vite.config.ts', build: { outDir: resolve(draft) }, logLevel: 'warn' });
    for (const entry of readdirSync(draft, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) compress(join(entry.parentPath, entry.name));
    }
  });
  console.log(`built ${folder}`);
}

/** Browsers take Brotli over HTTPS only; without it they get gzip. What does not get smaller stays alone. */
function compress(file: string): void {
  const content = readFileSync(file);
  for (const [extension, compressed] of [['br', brotliCompressSync(content)], ['gz', gzipSync(content, { level: 9 })]] as const) {
    if (compressed.length < content.length) writeFileSync(`${file}.${extension}`, compressed);
  }
}

if (import.meta.main) await oneBuildAtATime(buildDashboard);
