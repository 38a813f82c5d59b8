/** A keyring that is gone or cannot be read: rewritten from memory, if this process knew it. One of a newer operator stays. */
import { lookAgainMs, type Plan } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { warning } from './notice.ts';

/** The whole plan, or undefined where the keyring is there or was never known. */
export function restoreKeyring({ keyring, brokenKeyring, lastKeyring }: Snapshot): Plan | undefined {
  if (keyring || (!brokenKeyring && !lastKeyring)) return undefined;
  if (brokenKeyring?.isNewer) return stuck(`the operator that wrote the keyring Secret to run again: ${brokenKeyring.why}`);
  if (!lastKeyring) return stuck(`the keyring Secret to be restored from a backup, or deleted to adopt the present values: ${brokenKeyring?.why}`);
  const what = brokenKeyring ? `could not be read (${brokenKeyring.why})` : 'was gone';
  return {
    actions: [
      {
        kind: 'WriteKeyring',
        resourceVersion: brokenKeyring?.resourceVersion,
        keyring: lastKeyring,
        notices: [warning('KeyringRestored', `the keyring ${what} and was written anew from memory`)],
      },
    ],
    phase: 'Debouncing',
    keys: {},
    waitingFor: [],
    lookAgainMs: lookAgainMs.acted,
  };
}

const stuck = (what: string): Plan => ({ actions: [], phase: 'Stuck', keys: {}, waitingFor: [what], lookAgainMs: lookAgainMs.told });
