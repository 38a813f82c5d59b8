/** One finding, as the scanner reports it to a real program. */
import { asService, findingReport, tokenA } from './harness.ts';

/** The status of the answer. */
export async function postFinding(port: number, title: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/security/findings`, {
    method: 'POST',
    headers: { ...asService(tokenA), 'content-type': 'application/json' },
    body: JSON.stringify(findingReport({ title })),
  });
  await answer.arrayBuffer();
  return answer.status;
}
