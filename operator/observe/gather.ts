/** Gathers one snapshot of one release: its view, and the verifiers' answers where deciding needs them. */
import { isRotating, sourceNames, type Keyring } from '../../shared/credential/keyring.ts';
import type { Release } from '../model/release.ts';
import { Unasked, type Snapshot } from '../model/snapshot.ts';
import { askVerifiers } from './ask.ts';
import type { ClusterView, View } from './cluster-view.ts';
import { isExternal } from './releases.ts';
import { keyringOf, sourceSecretOf } from './secrets.ts';

export interface Wanted {
  /** Read everything from the API server. */
  readonly fresh: boolean;
  /** When to ask the verifiers; `never`: what the watches have told is enough for now. */
  readonly ask: 'never' | 'whileRotating' | 'always';
  /** The last keyring that this process knew. */
  readonly lastKeyring: Keyring | undefined;
}

/** What the watches have told, and the same read from the API server. */
export type Remembering = Pick<ClusterView, 'remembered' | 'readAnew'>;

export async function gather(
  cluster: Remembering,
  release: Release,
  { fresh, ask, lastKeyring }: Wanted,
): Promise<Snapshot> {
  const view: View = fresh ? await cluster.readAnew(release) : cluster.remembered(release);
  const { keyring, brokenKeyring } = view.secrets.keyring ? keyringOf(view.secrets.keyring, release) : {};
  const sources = sourceNames.flatMap((name) => {
    const secret = view.secrets[name];
    return secret ? [[name, sourceSecretOf(name, secret, release)] as const] : [];
  });
  const identities = (keyring?.keyring ?? lastKeyring)?.identities;
  return {
    sources: Object.fromEntries(sources),
    awaited: sourceNames.filter((name) => !view.secrets[name] && isExternal(name, identities?.[name], release)),
    keyring,
    brokenKeyring,
    lastKeyring,
    workloads: view.workloads,
    pods: view.pods,
    answers: ask === 'never' ? new Unasked() : await answersFor(keyring?.keyring ?? lastKeyring, view.pods, ask),
    fresh,
  };
}

/** While something that they attest rotates, or always. Nobody can be asked without a service token to present. */
async function answersFor(keyring: Keyring | undefined, pods: View['pods'], ask: Wanted['ask']): Promise<Snapshot['answers']> {
  const { 'service-token': token, 'encryption-key': encryption } = keyring?.keys ?? {};
  const attested = [token, encryption].some((record) => record !== undefined && isRotating(record));
  return token && (ask === 'always' || attested) ? askVerifiers(pods, token) : new Map();
}
