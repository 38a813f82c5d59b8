/** The lock under which all replicas that share a PostgreSQL write, one after the other. */

/** Any number that all releases agree on. */
const key = 0x6b757265;

/** An expression of PostgreSQL that waits for the lock; it is held until the transaction ends. */
export const writeLock = `pg_advisory_xact_lock(${key})`;
