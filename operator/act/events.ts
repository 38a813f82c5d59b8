/** Tells people through Kubernetes Events on the bootstrap Secret and on the restarted workloads. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath } from '../../shared/kube/objects.ts';
import type { Action, Notice } from '../model/action.ts';
import { noticesOf } from './execute.ts';

export interface EventTargets {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly bootstrapSecret: string;
  /** Name of the operator's pod. */
  readonly instance: string;
}

/** Writes an Event for each notice of an action that was carried out. */
export async function tellPeople(action: Action, targets: EventTargets, now: number): Promise<void> {
  for (const notice of noticesOf(action)) {
    await targets.client.create(collectionPath('events', targets.namespace), eventOf(action, notice, targets, now));
  }
}

function eventOf(action: Action, notice: Notice, { namespace, bootstrapSecret, instance }: EventTargets, now: number) {
  const regarding =
    action.kind === 'Stamp'
      ? { apiVersion: 'apps/v1', kind: action.workload.kind, name: action.workload.name, namespace }
      : { apiVersion: 'v1', kind: 'Secret', name: bootstrapSecret, namespace };
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${regarding.name}.`, namespace },
    involvedObject: regarding,
    type: notice.type,
    reason: notice.reason,
    message: notice.message,
    action: action.kind,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: 'kure-bootstrap' },
    reportingComponent: 'kure-bootstrap',
    reportingInstance: instance,
  };
}
