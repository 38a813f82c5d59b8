import { defineConfig } from 'vitest/config';

const minutes = 60_000;

/** They start the program itself over its own file, or need no store. */
const onSqliteOnly = ['durability', 'sqlite', 'main', 'shutdown', 'fernet', 'encryption-keys', 'session-secret', 'passwords', 'dashboard-routes', 'openapi'].map((name) => `test/unit/backend/${name}.test.ts`);

/** Unit, property, wire and security tests need nothing; the others start or use what they need. Files run side by side but where one would disturb another. */
export default defineConfig({
  test: {
    // One for each processor of the smallest machine; by default one would be left idle. Files share nothing: each has a namespace, a
    // backend, a control plane or a database of its own.
    maxWorkers: 2,
    projects: [
      // Patience for a machine that does other work, too: what a test waits for is never how fast something is.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: minutes / 2 } },
      {
        test: {
          name: 'store',
          include: ['test/unit/backend/**/*.test.ts', 'test/wire/**/*.test.ts', 'test/store/**/*.test.ts'],
          exclude: onSqliteOnly,
          globalSetup: 'test/store/set-up.ts',
          testTimeout: minutes,
        },
      },
      { test: { name: 'property', include: ['test/property/**/*.test.ts'], testTimeout: 3 * minutes } },
      { test: { name: 'wire', include: ['test/wire/**/*.test.ts'], testTimeout: minutes } },
      {
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          // One of them compares how long answers take.
          fileParallelism: false,
          testTimeout: 2 * minutes,
        },
      },
      { test: { name: 'chart', include: ['test/chart/**/*.test.ts'], testTimeout: 2 * minutes } },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: 'test/cluster/set-up.ts',
          testTimeout: 5 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
      {
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          globalSetup: ['test/cluster/set-up.ts', 'test/page/set-up.ts'],
          testTimeout: 2 * minutes,
        },
      },
      {
        test: {
          name: 'screenshots',
          include: ['test/screenshots/**/*.test.ts'],
          globalSetup: 'test/page/set-up.ts',
          fileParallelism: false,
          testTimeout: 15 * minutes,
          hookTimeout: 15 * minutes,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/set-up.ts',
          // They wait for pods a third of the time; as below, a group of its own.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 15 * minutes,
          hookTimeout: 15 * minutes,
        },
      },
      {
        test: {
          name: 'alone',
          // An operator of the whole cluster would serve the releases of other tests; connections are told apart by addresses.
          include: ['test/alone/**/*.test.ts'],
          globalSetup: 'test/e2e/set-up.ts',
          fileParallelism: false,
          testTimeout: 5 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
      { test: { name: 'soak', include: ['test/soak/**/*.test.ts'], globalSetup: 'test/cluster/set-up.ts' } },
      {
        test: {
          name: 'scale',
          include: ['test/scale/**/*.test.ts'],
          globalSetup: 'test/scale/set-up.ts',
          // They wait more than they work; a group of its own, for it may not share its count of workers.
          maxWorkers: 3,
          // The crash test counts its releases by itself, and its scenarios differ in length.
          maxConcurrency: 100,
          sequence: { groupOrder: 1 },
          testTimeout: 40 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
      {
        test: {
          name: 'delivery',
          include: ['test/delivery/**/*.test.ts'],
          globalSetup: 'test/scale/set-up.ts',
          testTimeout: 15 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
    ],
  },
});
