/** From the settings of an operator, or of this process beside it in a pod, to the names of the release's objects. Pure. */
import { SettingsReader } from '../../../shared/settings.ts';
import type { Release } from '../../model/release.ts';

export interface Target {
  readonly release: Release;
  /** Name of the Lease that a running operator holds. */
  readonly lease: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `base` is what the objects' names begin with where it is not the release's name (fullnameOverride). */
export function targetOf(env: Environment, namespace: string, name: string, base = name): Target {
  const reader = new SettingsReader(env);
  const target: Target = {
    release: {
      namespace,
      name,
      bootstrapSecret: reader.text('BOOTSTRAP_SECRET', `${base}-bootstrap`),
      encryptionSecret: reader.text('ENCRYPTION_SECRET', `${base}-encryption`),
      keyringSecret: reader.text('KEYRING_SECRET', `${base}-keyring`),
      rotationConfigMap: reader.text('ROTATION_CONFIGMAP', `${base}-rotation`),
      external: reader.boolean('EXTERNAL_SECRET', false),
      entries: {
        'service-token': reader.text('SERVICE_TOKEN_KEY', 'service-token'),
        'session-secret': reader.text('SESSION_SECRET_KEY', 'session-secret'),
        'encryption-key': 'encryption-key',
      },
    },
    lease: reader.text('LEASE', `${base}-operator`),
  };
  reader.done();
  return target;
}
