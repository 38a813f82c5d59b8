/** One installation of the product in one namespace: which Secrets belong together and where its keys are kept. */
import type { KeyName, SourceName } from '../../shared/credential/keyring.ts';

export interface Release {
  readonly namespace: string;
  readonly name: string;
  readonly bootstrapSecret: string;
  readonly encryptionSecret: string;
  readonly keyringSecret: string;
  readonly rotationConfigMap: string;
  /** The bootstrap Secret belongs to somebody else (`existingSecret`): it is never written. */
  readonly external: boolean;
  /** It has an operator of its own, which says so: one of cluster scope leaves it alone. */
  readonly own: boolean;
  /** Which data entry of its source Secret holds the key. */
  readonly entries: Readonly<Record<KeyName, string>>;
}

export const sourceSecretName = (source: SourceName, { bootstrapSecret, encryptionSecret }: Release): string =>
  source === 'bootstrap' ? bootstrapSecret : encryptionSecret;

/** Of the bootstrap, the encryption and the keyring Secret, in this order. */
export const secretNames = ({ bootstrapSecret, encryptionSecret, keyringSecret }: Release): readonly string[] => [
  bootstrapSecret,
  encryptionSecret,
  keyringSecret,
];

/** Unique in the cluster: no two releases share a bootstrap Secret. */
export const releaseId = ({ namespace, bootstrapSecret }: Release): string => `${namespace}/${bootstrapSecret}`;
