/** One PostgreSQL for all files of the run. */
import type { TestProject } from 'vitest/node';
import { startPostgresql } from '../fixtures/postgresql.ts';

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresql({ durable: false });
  project.provide('postgresql', server.url);
  return () => server.remove();
}
