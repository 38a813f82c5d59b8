/** One key, and all that deciding how far its rotation is may know. */
import type { KeyName, KeyRecord } from '../../shared/credential/keyring.ts';
import type { Settings } from '../model/plan.ts';
import type { KeyringSecret, Snapshot } from '../model/snapshot.ts';

export interface Rotation {
  readonly key: KeyName;
  readonly record: KeyRecord;
  readonly keyring: KeyringSecret;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly settings: Settings;
}
