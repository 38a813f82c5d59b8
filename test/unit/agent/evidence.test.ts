import { expect, it } from 'vitest';
import { gatherEvidence } from '../../../agent/evidence.ts';
import { container, givenPod, withStatus } from './given-pod.ts';
import { json, pathOf, StandInApiServer } from './stand-in-api-server.ts';

const pod = givenPod(withStatus({ containerStatuses: [container('app', { terminated: { exitCode: 1 } })] }));
const eventsPath = '/api/v1/namespaces/shop/events';
const logPath = `${pathOf(pod)}/log`;

/** As the kubelet does it: of the last lines so many bytes, from their beginning. */
const logOf = (text: string) => (query: URLSearchParams) => {
  const tail = text.split('\n').slice(-Number(query.get('tailLines'))).join('\n');
  return { status: 200, body: Buffer.from(tail).subarray(0, Number(query.get('limitBytes'))).toString() };
};

async function startApiServer(): Promise<StandInApiServer> {
  const api = await StandInApiServer.start([]);
  api.answers.set(eventsPath, () => json({ items: [] }));
  return api;
}

it('keeps the end of logs with long lines, and no half of a character', async () => {
  const api = await startApiServer();
  const lines = Array.from({ length: 60 }, (_, number) => `${number}${'é'.repeat(7_000)}`);
  api.answers.set(logPath, logOf(lines.join('\n')));
  const { logs } = await gatherEvidence(api.client, pod, 'app');
  expect(logs.endsWith(`\n${lines.at(-1)}`)).toBe(true);
  expect(logs.startsWith('é')).toBe(true);
  expect(Buffer.byteLength(logs)).toBeLessThanOrEqual(65_536);
  expect(Buffer.byteLength(logs)).toBeGreaterThan(65_500);
});

it.each([
  { status: 500, isComplete: false },
  { status: 429, isComplete: false },
  { status: 403, isComplete: true },
  { status: 404, isComplete: true },
  { status: 400, isComplete: true },
])('is incomplete where it could not be read now, and complete where there is nothing to read: $status', async ({ status, isComplete }) => {
  const api = await startApiServer();
  api.answers.set(logPath, () => json({ kind: 'Status', code: status }, status));
  expect(await gatherEvidence(api.client, pod, 'app')).toEqual({ events: [], logs: '', isComplete });
  api.answers.set(logPath, logOf('panic'));
  expect(await gatherEvidence(api.client, pod, 'app')).toEqual({ events: [], logs: 'panic', isComplete: true });
  api.answers.set(eventsPath, () => json({ kind: 'Status', code: status }, status));
  expect(await gatherEvidence(api.client, pod, 'app')).toEqual({ events: [], logs: 'panic', isComplete });
});
