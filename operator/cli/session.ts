/** One run of a command against one release. */
import type { Clock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import type { Connection } from '../../shared/kube/connect.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { objectPath } from '../../shared/kube/objects.ts';
import type { Release } from '../model/release.ts';
import { CommandError, refusal } from './exit.ts';
import { tellingWait } from './patience.ts';
import type { Screen } from './screen.ts';
import { readDocument, type ConfigMap, type RotationStatus } from './status-document.ts';
import { operatorLiveness, type Liveness } from './release/liveness.ts';
import type { LeasedRelease } from './release/settings.ts';

/** The name under which the API server records what the command line writes. */
export const fieldManager = 'kure-bootstrap-cli';

export interface Session extends LeasedRelease {
  readonly connection: Connection;
  readonly client: KubeClient;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The one in which the operator says its status. */
export const readConfigMap = ({ client, release }: Session): Promise<ConfigMap> =>
  client.get<ConfigMap>(objectPath('configmaps', release.namespace, release.rotationConfigMap));

/** Throws a CommandError where the operator has not written any. */
export async function readStatus(session: Session): Promise<RotationStatus> {
  const { release } = session;
  try {
    return readDocument(await readConfigMap(session));
  } catch (error) {
    if (remedyFor(error) !== 'missing') throw error;
    throw new CommandError(
      'failure',
      `there is no ConfigMap ${release.rotationConfigMap} in the namespace ${release.namespace}: no operator has looked at this release; ${howToStart(release)}`,
    );
  }
}

export const lookForOperator = (session: Session): Promise<Liveness> =>
  tellingWait(session.screen, 'to see whether the operator renews its Lease', operatorLiveness(session));

/** Throws where nobody would carry out what is asked. */
export async function demandOperator(session: Session): Promise<void> {
  if ((await lookForOperator(session)) !== 'away') return;
  const { release } = session;
  throw refusal(`no operator runs for ${release.name} in the namespace ${release.namespace}, so nobody would carry this out. Nothing was changed; ${howToStart(release)}`);
}

const howToStart = ({ name, namespace }: Release): string =>
  `see \`kubectl get deployment,pod -n ${namespace} -l app.kubernetes.io/instance=${name},app.kubernetes.io/component=operator\`, ` +
  'or install it with the chart value operator.enabled=true';
