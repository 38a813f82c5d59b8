/** Asks each serving verifier, by its own address, what it accepts and who has used what. */
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Check } from 'typebox/schema';
import { attestationPath, Attestation } from '../../shared/contract/attestation.ts';
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import { isServingVerifier, type Answer, type Pod } from '../model/snapshot.ts';

/** For all of them together. */
const answerDeadlineMs = 2_000;
const maxConnections = 16;

/** Answers by pod uid. */
export async function askVerifiers(pods: readonly Pod[], record: KeyRecord): Promise<Map<string, Answer>> {
  const agent = new Agent({ maxTotalSockets: maxConnections });
  const signal = AbortSignal.timeout(answerDeadlineMs);
  const asked = pods.filter(isServingVerifier).map(async (pod) => [pod.uid, await ask(pod, record, agent, signal)] as const);
  try {
    return new Map(await Promise.all(asked));
  } finally {
    agent.destroy();
  }
}

/** Presents the newest generation that this verifier accepts. */
async function ask({ addresses: [address], port }: Pod, record: KeyRecord, agent: Agent, signal: AbortSignal): Promise<Answer> {
  if (address === undefined) return { failure: 'it has no address yet' };
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}${attestationPath}`;
  try {
    for (const { value } of record.accepted.toReversed()) {
      const { status, body } = await present(value, url, agent, signal);
      if (status === 401) continue;
      if (status !== 200) return { failure: `status ${status}` };
      return attestationIn(body);
    }
    return { failure: 'it accepts none of our generations' };
  } catch (error) {
    return { failure: signal.aborted ? `no answer within ${answerDeadlineMs / 1000} seconds` : (error as Error).message };
  }
}

/** What it says is never repeated: it was told a value. */
function attestationIn(body: string): Answer {
  try {
    const attestation: unknown = JSON.parse(body);
    if (Check(Attestation, attestation)) return { attestation };
  } catch {
    // Not JSON, so not of the shape either.
  }
  return { failure: 'an answer of an unknown shape' };
}

function present(value: string, url: string, agent: Agent, signal: AbortSignal): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal, headers: { 'x-service-token': value } }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode, body }), reject);
    });
    request.on('error', reject);
  });
}
