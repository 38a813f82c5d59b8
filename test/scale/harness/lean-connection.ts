/**
 * The way to the API server for whoever asks it hundreds of thousands of things: past the relay, and by a token, which the
 * server remembers; a certificate is checked anew with each request.
 */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import { KubeClient } from '../../../shared/kube/client.ts';
import { connect, type Connection } from '../../../shared/kube/connect.ts';
import { collectionPath } from '../../../shared/kube/objects.ts';
import { certificateOf } from '../../../testbed/certificates.ts';
import { apiServer } from '../../../testbed/places.ts';
import { reach } from '../../../testbed/reach.ts';
import { uniqueName } from '../../fixtures/unique-name.ts';
import { owned } from './owner.ts';

/** Longer than any test. */
const tokenSeconds = 7_200;

export interface LeanConnection {
  readonly connection: Connection;
  readonly end: () => Promise<void>;
}

export async function leanConnection(): Promise<LeanConnection> {
  const { namespace, token, end } = await givenAccount(new KubeClient(await connect(), 'harness'));
  const connection: Connection = {
    baseUrl: new URL(apiServer),
    namespace,
    agent: new DirectAgent({ keepAlive: true, ca: readFileSync(certificateOf('ca')) }),
    authorize: () => Promise.resolve({ authorization: `Bearer ${token}` }),
  };
  return { connection, end };
}

/** Connects by the gateway itself. */
class DirectAgent extends Agent {
  override createConnection(...[{ ca }, created]: Parameters<Agent['createConnection']>): undefined {
    const { host, hostname } = new URL(apiServer);
    reach(host).then(
      (socket) => created?.(null, tlsConnect({ ca, socket, host: hostname })),
      (error: Error) => created?.(error, undefined as never),
    );
  }
}

/** One that may do everything, in a namespace of its own. */
async function givenAccount(kube: KubeClient): Promise<{ namespace: string; token: string; end: () => Promise<void> }> {
  const name = uniqueName('harness');
  const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const namespaces = collectionPath('namespaces');
  const accounts = `${namespaces}/${name}/serviceaccounts`;
  await kube.create(namespaces, { metadata: { name, labels: owned } });
  await kube.create(accounts, { metadata: { name } });
  await kube.create(bindings, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
  });
  const asked = { spec: { expirationSeconds: tokenSeconds } };
  const { status } = await kube.create<{ status: { token: string } }>(`${accounts}/${name}/token`, asked);
  return {
    namespace: name,
    token: status.token,
    end: async () => {
      await kube.delete(`${bindings}/${name}`);
      await kube.delete(`${namespaces}/${name}`);
    },
  };
}
