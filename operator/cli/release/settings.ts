/** From the settings of an operator, or of this process beside it in a pod, to the names of the release's objects. Pure. */
import { readConfig } from '../../config.ts';
import type { Release } from '../../model/release.ts';

/** A release as a command finds it. */
export interface LeasedRelease {
  readonly release: Release;
  /** Name of the Lease that a running operator holds. */
  readonly lease: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `base` is what the objects' names begin with where it is not the release's name (fullnameOverride). Throws a
 * SettingsError for names that are none.
 */
export function releaseNamed(env: Environment, namespace: string, name: string, base = name): LeasedRelease {
  const usual = {
    BOOTSTRAP_SECRET: `${base}-bootstrap`,
    ENCRYPTION_SECRET: `${base}-encryption`,
    KEYRING_SECRET: `${base}-keyring`,
    ROTATION_CONFIGMAP: `${base}-rotation`,
    LEASE: `${base}-operator`,
  };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  // An operator of the whole cluster has no names of one release; we work with one.
  const { release, lease } = readConfig({ ...usual, ...given, RELEASE: name, SCOPE: 'release' });
  return { release: { ...release, namespace }, lease };
}
