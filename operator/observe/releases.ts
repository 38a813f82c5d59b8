/** Which releases there are, and whose a Secret is: one that is known beforehand, or all that labels tell of. */
import { sourceNames, type KeyName, type SourceName } from '../../shared/credential/keyring.ts';
import type { Secret } from '../../shared/kube/objects.ts';
import type { Logger } from '../../shared/log.ts';
import { annotationPrefix, operatorAnnotation, secretLabel } from '../model/names.ts';
import type { Release } from '../model/release.ts';

export interface Releases {
  /** Whether a pod that reads a Secret of this name may concern us, now or later. */
  mayBeSource(secretName: string): boolean;
  all(): Release[];
  /** Whose Secret has this name, whether it exists or not. */
  ownerOf(namespace: string, secretName: string): Release | undefined;
  /** Takes note of a Secret that has just been set or deleted; `find` knows those that exist. */
  note(secret: Secret, find: FindSecret): void;
}

export type FindSecret = (namespace: string, name: string) => Secret | undefined;

export class OneRelease implements Releases {
  readonly #release: Release;

  constructor(release: Release) {
    this.#release = release;
  }

  mayBeSource(secretName: string): boolean {
    return secretName === this.#release.bootstrapSecret || secretName === this.#release.encryptionSecret;
  }

  all(): Release[] {
    return [this.#release];
  }

  ownerOf(namespace: string, secretName: string): Release | undefined {
    const isOurs = this.mayBeSource(secretName) || secretName === this.#release.keyringSecret;
    return isOurs && namespace === this.#release.namespace ? this.#release : undefined;
  }

  note(): void {}
}

const usualEntries: Readonly<Record<KeyName, string>> = {
  'service-token': 'service-token',
  'session-secret': 'session-secret',
  'encryption-key': 'encryption-key',
};

const kinds = [...sourceNames, 'keyring'] as const;
type Kind = (typeof kinds)[number];

/** The names of a release's Secrets differ in their endings only: `<base>-bootstrap`, `<base>-encryption`, `<base>-keyring`. */
export class LabelledReleases implements Releases {
  readonly #log: Logger;
  readonly #releases = new Map<string, Release>();

  constructor(log: Logger) {
    this.#log = log;
  }

  mayBeSource(secretName: string): boolean {
    return sourceNames.some((kind) => secretName.endsWith(`-${kind}`));
  }

  all(): Release[] {
    return [...this.#releases.values()];
  }

  ownerOf(namespace: string, secretName: string): Release | undefined {
    const kind = kinds.find((kind) => secretName.endsWith(`-${kind}`));
    return kind && this.#releases.get(`${namespace}/${baseOf(secretName, kind)}`);
  }

  note({ metadata: { name, namespace = '', labels } }: Secret, find: FindSecret): void {
    const kind = kinds.find((kind) => kind === labels?.[secretLabel]);
    if (kind !== undefined && name.endsWith(`-${kind}`)) this.#learn(namespace, baseOf(name, kind), find);
    else if (find(namespace, name)) this.#log.warn({ namespace, secretName: name, label: labels?.[secretLabel] }, misnamed);
  }

  /** The keyring tells of a release as the bootstrap Secret does, or one that was deleted could never be put back. */
  #learn(namespace: string, base: string, find: FindSecret): void {
    const id = `${namespace}/${base}`;
    const witness = find(namespace, `${base}-bootstrap`) ?? find(namespace, `${base}-keyring`);
    if (witness && !hasOwnOperator(witness)) this.#releases.set(id, releaseOf(namespace, base, witness));
    else this.#releases.delete(id);
  }
}

const misnamed = `not followed: the name of a Secret with the label ${secretLabel} must end in -bootstrap, -encryption or -keyring, as its label says`;

type Annotated = { readonly annotations?: Readonly<Record<string, string>> };

const isMarkedExternal = ({ annotations }: Annotated = {}): boolean => annotations?.[`${annotationPrefix}external`] === 'true';

/** Another tool makes it: what is written there would be put back by it. `told` is what it, or the memory of it, says of itself. */
export const isExternal = (source: SourceName, told: Annotated | undefined, release: Release): boolean =>
  isMarkedExternal(told) || (source === 'bootstrap' && release.external);

const hasOwnOperator = ({ metadata }: Secret): boolean => metadata.annotations?.[operatorAnnotation] === 'own';

const baseOf = (secretName: string, kind: Kind): string => secretName.slice(0, -kind.length - 1);

function releaseOf(namespace: string, base: string, witness: Secret): Release {
  return {
    namespace,
    name: witness.metadata.labels?.['app.kubernetes.io/instance'] ?? base,
    bootstrapSecret: `${base}-bootstrap`,
    encryptionSecret: `${base}-encryption`,
    keyringSecret: `${base}-keyring`,
    rotationConfigMap: `${base}-rotation`,
    external: isMarkedExternal(witness.metadata),
    own: false,
    entries: usualEntries,
  };
}
