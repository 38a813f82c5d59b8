/** An API server on loopback with the pods that a test gives it; its watch says what the test says. */
import { once } from 'node:events';
import { Agent as HttpAgent, createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { keyOf, type Pod } from '../../../agent/pod.ts';
import { KubeClient } from '../../../shared/kube/client.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answering = (query: URLSearchParams) => Answer;

const podsPath = '/api/v1/pods';
export const pathOf = (pod: Pod): string => `/api/v1/namespaces/${keyOf(pod).replace('/', '/pods/')}`;
export const json = (body: unknown, status = 200) => ({ status, body: JSON.stringify(body) });

export class StandInApiServer {
  readonly client: KubeClient;
  /** What is answered beside lists and watches, by path; 404 for any other. */
  readonly answers = new Map<string, Answering>();
  readonly #watch = Promise.withResolvers<ServerResponse>();

  private constructor(pods: readonly Pod[], baseUrl: URL) {
    this.client = new KubeClient({ baseUrl, namespace: 'monitoring', agent: new HttpAgent(), authorize: async () => ({}) }, 'agent');
    this.answers.set(podsPath, () => json({ metadata: { resourceVersion: '9' }, items: pods }));
    for (const pod of pods) this.answers.set(pathOf(pod), () => json(pod));
  }

  static async start(pods: readonly Pod[]): Promise<StandInApiServer> {
    const server = createServer(({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://api');
      if (searchParams.has('watch')) {
        response.writeHead(200).flushHeaders();
        standIn.#watch.resolve(response);
        return;
      }
      const answering: Answering = standIn.answers.get(pathname) ?? (() => json({ kind: 'Status', code: 404, reason: 'NotFound' }, 404));
      const { status, body, headers = {} } = answering(searchParams);
      response.writeHead(status, headers).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const standIn = new StandInApiServer(pods, new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return standIn;
  }

  /** Tells of a change of a pod, once somebody watches. */
  async tell(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: Pod): Promise<void> {
    const watch = await this.#watch.promise;
    watch.write(`${JSON.stringify({ type, object: pod })}\n`);
  }
}
