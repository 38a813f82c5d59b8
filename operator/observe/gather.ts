/** Gathers one snapshot: the view of the namespace, and while a rotation runs the verifiers' answers. */
import { isRotating } from '../../shared/credential/keyring.ts';
import type { KeyringSecret, Snapshot } from '../model/snapshot.ts';
import { askVerifiers } from './ask.ts';
import type { ClusterView, View } from './cluster-view.ts';
import { bootstrapOf, keyringOf } from './secrets.ts';

export async function gather(cluster: ClusterView, fresh: boolean): Promise<Snapshot> {
  const view: View = fresh ? await cluster.readAnew() : cluster.remembered();
  const keyring = view.keyring && keyringOf(view.keyring);
  return {
    bootstrap: view.bootstrap && bootstrapOf(view.bootstrap),
    keyring,
    workloads: view.workloads,
    pods: view.pods,
    answers: await answersFor(keyring, view),
    fresh,
  };
}

async function answersFor(keyring: KeyringSecret | undefined, { pods }: View): Promise<Snapshot['answers']> {
  const record = keyring?.keyring.keys['service-token'];
  return record && isRotating(record) ? askVerifiers(pods, record) : new Map();
}
