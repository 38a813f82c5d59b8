/** Which Secrets a pod specification reads, which keys of a release these are, and what its annotations say. Pure. */
import { keyNames, sourceOf, type KeyName } from '../../shared/credential/keyring.ts';
import { annotationPrefix } from '../model/names.ts';
import { sourceSecretName, type Release } from '../model/release.ts';
import type { Reader, Stamps } from '../model/snapshot.ts';

/** The parts of a pod template, or of a pod, that matter. */
export interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Container {
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string; readonly key: string } } }[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

interface Items {
  readonly items?: readonly { readonly key: string }[];
}

interface Volume {
  readonly secret?: Items & { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly { readonly secret?: Items & { readonly name?: string } }[] };
}

export interface SecretRead {
  /** Name of the Secret. */
  readonly secret: string;
  /** Undefined: all that it has. */
  readonly entry: string | undefined;
}

const defaultVerifierPort = 8000;

export function readerOf({ metadata }: Pick<Template, 'metadata'>): Omit<Reader, 'reads'> {
  const annotations = metadata?.annotations ?? {};
  const stamps: Stamps = Object.fromEntries(
    keyNames.flatMap((key) => {
      const generation = annotations[annotationPrefix + key];
      return generation === undefined ? [] : [[key, generation]];
    }),
  );
  return {
    role: annotations[`${annotationPrefix}role`] === 'verifier' ? 'verifier' : 'presenter',
    verify: annotations[`${annotationPrefix}verify`] === 'single' ? 'single' : 'live',
    stamps,
  };
}

/** By `secretKeyRef`, `envFrom`, a secret volume or a projected volume, in containers of all kinds. */
export function secretReads(spec: PodSpec): SecretRead[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  return [
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => readOf(valueFrom?.secretKeyRef?.name, valueFrom?.secretKeyRef?.key)),
      ...envFrom.flatMap(({ secretRef }) => readOf(secretRef?.name)),
    ]),
    ...(spec.volumes ?? []).flatMap(({ secret, projected }) => [
      ...itemsRead(secret?.secretName, secret),
      ...(projected?.sources ?? []).flatMap(({ secret }) => itemsRead(secret?.name, secret)),
    ]),
  ];
}

/** In the order of their names. */
export function keysRead(reads: readonly SecretRead[], release: Release): KeyName[] {
  return keyNames.filter((key) => {
    const name = sourceSecretName(sourceOf(key), release);
    return reads.some(({ secret, entry }) => secret === name && (entry === undefined || entry === release.entries[key]));
  });
}

function itemsRead(secret: string | undefined, volume: Items | undefined): SecretRead[] {
  const items = volume?.items ?? [];
  return items.length === 0 ? readOf(secret) : items.flatMap(({ key }) => readOf(secret, key));
}

const readOf = (secret: string | undefined, entry?: string): SecretRead[] => (secret === undefined ? [] : [{ secret, entry }]);

/** The port a verifier answers on: its container port named `http`. */
export function verifierPort(spec: PodSpec): number {
  const ports = (spec.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === 'http')?.containerPort ?? defaultVerifierPort;
}
