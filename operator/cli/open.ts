/** From the global options to a session with a release. */
import { systemClock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { tellingWait } from './patience.ts';
import type { Format, Screen } from './screen.ts';
import { fieldManager, type Session } from './session.ts';
import { findRelease } from './release/find.ts';
import type { Environment } from './release/settings.ts';

export interface GlobalOptions {
  readonly namespace?: string;
  readonly release?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly output: Format;
}

/** An empty name counts as none, as with kubectl. */
export async function openSession(options: GlobalOptions, env: Environment, screen: Screen, signal: AbortSignal): Promise<Session> {
  const connection = await connect({ context: options.context || undefined, kubeconfig: options.kubeconfig || undefined });
  const client = new KubeClient(connection, fieldManager, { signal });
  const namespace = options.namespace || env['POD_NAMESPACE'] || client.namespace;
  const finding = findRelease(client, namespace, options.release || undefined, env);
  const found = await tellingWait(screen, `for the API server at ${connection.baseUrl.host}`, finding);
  return { connection, client, ...found, screen, clock: systemClock, signal };
}
