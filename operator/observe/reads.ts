/** Which keys of the bootstrap Secret a pod specification reads, and what its annotations say. Pure. */
import { keyNames, type KeyName } from '../../shared/credential/keyring.ts';
import { annotationPrefix } from '../model/names.ts';
import type { Reader, Stamps } from '../model/snapshot.ts';

/** The parts of a pod template, or of a pod, that matter. */
export interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
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

const defaultVerifierPort = 8000;

export function readerOf({ metadata, spec }: Template, secretName: string): Reader {
  const annotations = metadata?.annotations ?? {};
  const stamps: Stamps = Object.fromEntries(
    keyNames.flatMap((key) => {
      const generation = annotations[annotationPrefix + key];
      return generation === undefined ? [] : [[key, generation]];
    }),
  );
  const role = annotations[`${annotationPrefix}role`] === 'verifier' ? 'verifier' : 'presenter';
  return { reads: keysRead(spec, secretName), role, stamps };
}

/** By `secretKeyRef`, `envFrom`, a secret volume or a projected volume, in containers and init containers. */
export function keysRead(spec: PodSpec, secretName: string): KeyName[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const secretVolumes = (spec.volumes ?? []).flatMap(({ secret, projected }) => [
    ...(secret?.secretName === secretName ? [secret] : []),
    ...(projected?.sources ?? []).flatMap((source) => (source.secret?.name === secretName ? source.secret : [])),
  ]);
  const readsAll =
    containers.some(({ envFrom }) => envFrom?.some(({ secretRef }) => secretRef?.name === secretName)) ||
    secretVolumes.some(({ items }) => items === undefined);
  if (readsAll) return [...keyNames];
  const references = containers.flatMap(({ env }) => (env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []));
  const read = new Set([
    ...references.filter(({ name }) => name === secretName).map(({ key }) => key),
    ...secretVolumes.flatMap(({ items }) => (items ?? []).map(({ key }) => key)),
  ]);
  return keyNames.filter((key) => read.has(key));
}

/** The port a verifier answers on: its container port named `http`. */
export function verifierPort(spec: PodSpec): number {
  const ports = (spec.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === 'http')?.containerPort ?? defaultVerifierPort;
}
