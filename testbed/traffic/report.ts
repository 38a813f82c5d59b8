/** Sends one report over a connection of its own, once. */
import { request } from 'node:http';
import type { TrafficConfig } from './config.ts';
import { outcomeOf, type Outcome } from './counts.ts';

/** The namespace under which the backend has what was accepted. */
const namespace = 'traffic';
/** As long as agents wait: an answer that is later is none to them. */
const deadlineMs = 30_000;

/** Never rejects. A new connection for each, as upstream's clients do. */
export function sendReport(config: TrafficConfig, sequence: number): Promise<Outcome> {
  const body = JSON.stringify(buildBody(config.podName, sequence));
  return new Promise((resolve) => {
    const sending = request(new URL('/api/pods/failed', config.backendUrl), {
      agent: false,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-service-token': config.serviceToken,
      },
    });
    const fail = (error: NodeJS.ErrnoException) => resolve({ kind: 'unanswered', cause: error.code ?? 'NetworkError' });
    const deadline = setTimeout(
      () => sending.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      deadlineMs,
    );
    sending.on('close', () => clearTimeout(deadline));
    sending.on('error', fail);
    sending.on('response', (answer) => {
      answer.on('error', fail);
      answer.on('end', () => resolve(outcomeOf(answer.statusCode ?? 0)));
      answer.resume();
    });
    sending.end(body);
  });
}

function buildBody(podName: string, sequence: number): object {
  return {
    pod_name: `${podName}-${sequence}`,
    namespace,
    node_name: null,
    phase: 'Failed',
    creation_timestamp: new Date().toISOString(),
    failure_reason: 'Traffic',
    failure_message: 'a report that measures whether reports get through',
    container_statuses: [],
    events: [],
    logs: '',
    manifest: 'apiVersion: v1\nkind: Pod\n',
  };
}
