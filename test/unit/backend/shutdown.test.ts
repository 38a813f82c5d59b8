import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
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

function get(agent: Agent, path: string): Promise<{ status: number; closes: boolean }> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: 'kure-backend', path, headers: asService(tokenA), timeout: 5_000 }, (answer) => {
      answer.resume();
      const closes = answer.headers.connection === 'close';
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, closes }));
    });
    call.once('timeout', () => call.destroy(new Error('the connection hangs')));
    call.once('error', reject);
    call.end();
  });
}

it('rejects nothing in a rolling restart, moves keep-alive clients away and ends with 0', { timeout: 30_000 }, async () => {
  const env = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, DRAIN_SECONDS: '2' };
  const [old, fresh] = await Promise.all([startChildBackend(env), startChildBackend(env)]);
  const agents = Array.from({ length: 8 }, () => new ServiceAgent(old));
  const socket = new WebSocket(`ws://127.0.0.1:${old.port}/ws?token=${tokenA}`);
  await new Promise((resolve) => void socket.once('open', resolve));
  const closed = new Promise((resolve) => void socket.once('close', resolve));

  const stopped = new AbortController();
  let wereAskedToMove = 0;
  const clients = agents.map(async (agent, index) => {
    const answers: number[] = [];
    while (!stopped.signal.aborted) {
      const { status, closes } = await get(agent, '/api/pods/failed');
      answers.push(status);
      if (closes) wereAskedToMove += 1;
      await sleep(index * 5);
    }
    return answers;
  });

  await sleep(500);
  old.kill('SIGTERM');
  await sleep(200);
  const ready = await fetch(`http://127.0.0.1:${old.port}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'not ready', reasons: ['it is shutting down'] });
  expect((await fetch(`http://127.0.0.1:${old.port}/health`)).status).toBe(200);
  await sleep(800);
  for (const agent of agents) agent.endpoint = fresh;
  expect(await old.ended).toBe(0);
  expect(await closed).toBe(1001);
  await sleep(300);
  stopped.abort();
  const statuses = (await Promise.all(clients)).flat();
  expect(statuses.length).toBeGreaterThan(200);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(wereAskedToMove).toBeGreaterThan(8);
  for (const agent of agents) agent.destroy();
});

it('ends at once at the second SIGTERM', { timeout: 15_000 }, async () => {
  const env = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, DRAIN_SECONDS: '60' };
  const backend = await startChildBackend(env);
  backend.kill('SIGTERM');
  await sleep(200);
  backend.kill('SIGTERM');
  expect(await backend.ended).toBe(1);
});
