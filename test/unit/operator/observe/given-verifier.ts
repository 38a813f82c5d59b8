/** Verifiers that answer over HTTP, on this machine. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Pod } from '../../../../operator/model/snapshot.ts';
import { attestationPath, type Attestation } from '../../../../shared/contract/attestation.ts';

export const attestation: Attestation = {
  instance: 'one',
  startedAt: '2026-11-23T10:00:00.000Z',
  now: '2026-11-23T11:00:00.000Z',
  accepted: ['old', 'new'],
  unnamed: 0,
  uses: [],
  refused: [],
};

export const token = (request: IncomingMessage): unknown => request.url === attestationPath && request.headers['x-service-token'];

export interface Verifier {
  readonly port: number;
  /** What was presented, in order. */
  readonly presented: unknown[];
}

export async function givenVerifier(answer: RequestListener, host = '0.0.0.0'): Promise<Verifier> {
  const presented: unknown[] = [];
  const server = createServer((request, response) => {
    presented.push(token(request));
    answer(request, response);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, presented };
}

export const attests: RequestListener = (_request, response) => void response.end(JSON.stringify(attestation));

export const verifier = (uid: string, port: number, change: Partial<Pod> = {}): Pod => ({
  name: uid,
  uid,
  owner: 'Deployment/backend',
  reads: ['service-token'],
  role: 'verifier',
  verify: 'live',
  stamps: {},
  addresses: ['127.0.0.1'],
  port,
  startedAt: 0,
  createdAt: 0,
  ready: true,
  terminating: false,
  graceEndsAt: undefined,
  trouble: undefined,
  ...change,
});
