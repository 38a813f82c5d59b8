/** Asks each serving verifier, through the API server, what it accepts and who has used what. */
import { Check } from 'typebox/schema';
import { Attestation, attestationPath } from '../../../shared/contract/attestation.ts';
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { objectPath } from '../../../shared/kube/objects.ts';
import { isServingVerifier, type Answer, type Pod } from '../../model/snapshot.ts';
import { fieldManager, type Session } from '../session.ts';

const answerDeadlineMs = 10_000;

/** By pod uid. The API server's proxy passes the header on; `token` is sent to pods of the release only. */
export async function askThroughProxy(
  { connection, release: { namespace }, signal }: Session,
  pods: readonly Pod[],
  token: string,
): Promise<ReadonlyMap<string, Answer>> {
  const client = new KubeClient(withToken(connection, token), fieldManager, { signal });
  const ask = async ({ name, port }: Pod): Promise<Answer> => {
    try {
      const path = `${objectPath('pods', namespace, `${name}:${port}`)}/proxy${attestationPath}`;
      const body = await client.get<unknown>(path, {}, answerDeadlineMs);
      return Check(Attestation, body) ? { attestation: body } : { failure: 'an answer of an unknown shape' };
    } catch (error) {
      return { failure: (error as Error).message };
    }
  };
  const serving = pods.filter(isServingVerifier);
  return new Map(await Promise.all(serving.map(async (pod) => [pod.uid, await ask(pod)] as const)));
}

const withToken = (connection: Connection, token: string): Connection => ({
  ...connection,
  authorize: async () => ({ ...(await connection.authorize()), 'x-service-token': token }),
});
