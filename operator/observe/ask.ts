/** Asks each ready verifier, by its own address, what it accepts and who has used what. */
import { attestationPath, Attestation } from '../../shared/contract/attestation.ts';
import { Value } from 'typebox/value';
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import type { Answer, Pod } from '../model/snapshot.ts';

const answerDeadlineMs = 2_000;

/** Answers by pod uid. */
export async function askVerifiers(pods: readonly Pod[], record: KeyRecord): Promise<Map<string, Answer>> {
  const ready = pods.filter((pod) => pod.role === 'verifier' && pod.ready && !pod.terminating);
  return new Map(await Promise.all(ready.map(async (pod) => [pod.uid, await ask(pod, record)] as const)));
}

/** Presents the newest generation that this verifier accepts. */
async function ask({ ip, port }: Pod, record: KeyRecord): Promise<Answer> {
  if (ip === undefined) return { failure: 'it has no address yet' };
  const url = `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}${attestationPath}`;
  try {
    for (const { value } of record.accepted.toReversed()) {
      const signal = AbortSignal.timeout(answerDeadlineMs);
      const response = await fetch(url, { headers: { 'x-service-token': value }, signal });
      if (response.status !== 200) await response.body?.cancel();
      if (response.status === 401) continue;
      if (response.status !== 200) return { failure: `status ${response.status}` };
      const body: unknown = await response.json();
      return Value.Check(Attestation, body) ? { attestation: body } : { failure: 'an answer of an unknown shape' };
    }
    return { failure: 'it accepts none of our generations' };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

/** fetch hides the cause one level down. */
function describeFailure(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
