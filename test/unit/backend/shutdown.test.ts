import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { soon } from '../../fixtures/soon.ts';
import { startChildBackend, type ChildBackend } from './child-backend.ts';
import { asService, temporaryDirectory, tokenA } from './harness.ts';

/** A Service: new connections go where the endpoints point, open ones stay where they are. */
class ServiceAgent extends Agent {
  endpoint: ChildBackend;

  constructor(endpoint: ChildBackend) {
    super({ keepAlive: true });
    this.endpoint = endpoint;
  }

  override createConnection() {
    return connect(this.endpoint.port, '127.0.0.1');
  }
}

function get(agent: Agent, path: string): Promise<{ status: number; closes: boolean; port: number | undefined }> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: 'kure-backend', path, headers: asService(tokenA), timeout: 5_000 }, (answer) => {
      answer.resume();
      const closes = answer.headers.connection === 'close';
      const port = answer.socket.remotePort;
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, closes, port }));
    });
    call.once('timeout', () => call.destroy(new Error('the connection hangs')));
    call.once('error', reject);
    call.end();
  });
}

it('rejects nothing in a rolling restart, moves keep-alive clients away and ends with 0', { timeout: 30_000 }, async () => {
  const env = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, DRAIN_SECONDS: '5' };
  const [old, fresh] = await Promise.all([startChildBackend(env), startChildBackend(env)]);
  const agents = Array.from({ length: 8 }, () => new ServiceAgent(old));
  const socket = new WebSocket(`ws://127.0.0.1:${old.port}/ws?token=${tokenA}`);
  await new Promise((resolve) => void socket.once('open', resolve));
  const closed = new Promise((resolve) => void socket.once('close', resolve));

  const stopped = new AbortController();
  const statuses = new Set<number>();
  let wereAskedToMove = 0;
  const answeredBy = agents.map(() => new Set<number | undefined>());
  const allAnsweredBy = (backend: ChildBackend) => vi.waitUntil(() => answeredBy.every((ports) => ports.has(backend.port)), soon);
  const clients = agents.map(async (agent, index) => {
    while (!stopped.signal.aborted) {
      const { status, closes, port } = await get(agent, '/api/pods/failed');
      statuses.add(status);
      answeredBy[index]?.add(port);
      if (closes) wereAskedToMove += 1;
      await sleep(index * 5);
    }
  });

  await allAnsweredBy(old);
  old.kill('SIGTERM');
  const readiness = () => fetch(`http://127.0.0.1:${old.port}/ready`);
  await vi.waitUntil(async () => (await readiness()).status === 503, soon);
  expect(await (await readiness()).json()).toEqual({ status: 'not ready', reasons: ['it is shutting down'] });
  expect((await fetch(`http://127.0.0.1:${old.port}/health`)).status).toBe(200);
  await vi.waitUntil(() => wereAskedToMove > agents.length, soon); // the endpoints still point at the old one
  for (const agent of agents) agent.endpoint = fresh;
  expect(await old.ended).toBe(0);
  expect(await closed).toBe(1001);
  await allAnsweredBy(fresh);
  stopped.abort();
  await Promise.all(clients);
  expect(statuses).toEqual(new Set([200]));
  for (const agent of agents) agent.destroy();
});

it('ends at once at the second SIGTERM', { timeout: 15_000 }, async () => {
  const env = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, DRAIN_SECONDS: '60' };
  const backend = await startChildBackend(env);
  backend.kill('SIGTERM');
  await vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${backend.port}/ready`)).status === 503, soon);
  backend.kill('SIGTERM');
  expect(await backend.ended).toBe(1);
});
