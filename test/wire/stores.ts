/** The databases that all of it is checked on. */
import type { BackendOptions } from '../unit/backend/harness.ts';

/** What a backend under test is to be started with. */
export type GivenStore = () => Promise<BackendOptions>;

export const stores: Readonly<Record<string, GivenStore>> = {
  SQLite: async () => ({}),
};
