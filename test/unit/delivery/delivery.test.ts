import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/clock.ts';
import { Backend } from '../../../shared/delivery/backend.ts';
import { Delivery, type DeliveryOptions, type Message } from '../../../shared/delivery/delivery.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog, type CollectedLog } from './collected-log.ts';
import { StandInBackend, type Script } from './stand-in-backend.ts';

const token = 'swordfish-0123456789-0123456789-0123456789';
const ok: Script = () => ({ status: 200 });
const refuse: Script = () => ({ status: 401, body: { message: 'Unknown service token' } });

let peer: StandInBackend;
let collected: CollectedLog;
let backend: Backend;

beforeEach(async () => {
  peer = await StandInBackend.start();
  collected = collectLog();
  backend = new Backend({ baseUrl: peer.url, token, log: collected.log });
});

afterEach(() => peer.stop());

function delivery(options: Partial<DeliveryOptions> = {}): Delivery {
  return new Delivery({ backend, clock: systemClock, log: collected.log, pauses: { minMs: 2, maxMs: 20 }, ...options });
}

function message(key: string, body: unknown, path = '/reports'): Message {
  return { key, requests: () => [{ method: 'POST', path, body }] };
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { ...soon, interval: 2 }).toBe(true);
}

const rejections = () => collected.messages().filter((line) => line.startsWith('backend does not take')).length;

describe('a message', () => {
  test('is sent once with the service token when the backend answers 200', async () => {
    const queue = delivery();
    queue.send(message('a', { n: 1 }));
    await queue.idle();
    expect(peer.received).toMatchObject([
      { method: 'POST', path: '/reports', body: { n: 1 }, headers: { 'x-service-token': token, 'content-type': 'application/json' } },
    ]);
    expect(queue.stats).toEqual({ delivered: 1, superseded: 0, retried: 0, dropped: 0 });
  });

  test.each([201, 204, 302, 401, 403, 422, 429, 500, 503])('is sent again after status %i', async (status) => {
    peer.script = (_, sequence) => ({ status: sequence < 3 ? status : 200, headers: { location: '/elsewhere' } });
    const queue = delivery();
    queue.send(message('a', { n: 1 }));
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
    expect(queue.stats).toMatchObject({ delivered: 1, retried: 2 });
  });

  test('is kept while nobody listens, and delivered when somebody does', async () => {
    const closed = await StandInBackend.start();
    const { port } = closed;
    await closed.stop();
    let target = `http://127.0.0.1:${port}`;
    const away = new Backend({ baseUrl: target, token, log: collected.log });
    const back = backend;
    const queue = delivery({ backend: { send: (...args) => (target ? away : back).send(...args) } });
    queue.send(message('a', { n: 1 }));
    await until(() => queue.stats.retried > 0);
    target = '';
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual([{ n: 1 }]);
  });

  test('of several requests begins with the first again, and ends when all are accepted', async () => {
    const statuses = [503, 200, 503, 200, 200];
    peer.script = (_, sequence) => ({ status: statuses[sequence - 1]! });
    const queue = delivery();
    let delivered = 0;
    queue.send({
      key: 'a',
      requests: () => [
        { method: 'DELETE', path: '/one' },
        { method: 'POST', path: '/two', body: {} },
      ],
      onDelivered: () => (delivered += 1),
    });
    await queue.idle();
    expect(peer.received.map(({ path }) => path)).toEqual(['/one', '/one', '/two', '/one', '/two']);
    expect(delivered).toBe(1);
  });

  test('that cannot be built is dropped aloud and does not stop the others', async () => {
    const queue = delivery();
    queue.send({ key: 'broken', requests: () => Promise.reject(new Error('no such pod')) });
    queue.send(message('b', { n: 2 }));
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual([{ n: 2 }]);
    expect(queue.stats).toMatchObject({ delivered: 1, dropped: 1 });
    expect(collected.messages()).toContain('message cannot be built, dropping it');
  });
});

describe('the order', () => {
  test('within one key is kept, and only the newest of those that wait is sent', async () => {
    peer.script = () => ({ status: 200, afterMs: 20 });
    const queue = delivery();
    for (const n of [1, 2, 3]) queue.send(message('a', { n }));
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual([{ n: 1 }, { n: 3 }]);
    expect(queue.stats).toMatchObject({ delivered: 2, superseded: 1 });
  });

  test('is kept even if the older message failed: it is not sent after the newer one', async () => {
    peer.script = (_, sequence) => ({ status: sequence === 1 ? 401 : 200, afterMs: 20 });
    const queue = delivery();
    queue.send(message('a', { n: 1 }));
    await until(() => peer.received.length === 1);
    queue.send(message('a', { n: 2 }));
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('between keys is that of sending', async () => {
    const queue = delivery({ concurrency: 1 });
    for (const key of ['a', 'b', 'c', 'd']) queue.send(message(key, { key }));
    await queue.idle();
    expect(peer.bodies('/reports')).toEqual(['a', 'b', 'c', 'd'].map((key) => ({ key })));
  });

  test('lets a message that the backend rejects wait alone', async () => {
    peer.script = ({ body }) => ({ status: (body as { key: string }).key === 'bad' ? 422 : 200 });
    const queue = delivery({ concurrency: 1, pauses: { minMs: 10, maxMs: 10 } });
    for (const key of ['bad', 'a', 'b']) queue.send(message(key, { key }));
    await until(() => queue.stats.delivered === 2);
    expect(queue.size).toBe(1);
    await until(() => queue.stats.retried > 2);
    expect(rejections()).toBe(1);
    await queue.drain(0);
  });
});

describe('the log', () => {
  test('says once that nothing is taken, whatever waits, and each message that is not taken while others are', async () => {
    peer.script = () => ({ status: 500 });
    const queue = delivery();
    for (const key of ['bad', 'worse', 'a', 'b', 'c']) queue.send(message(key, { key }));
    await until(() => queue.stats.retried > 20);
    expect(rejections()).toBe(1);
    peer.script = ({ body }) => ({ status: ['bad', 'worse'].includes((body as { key: string }).key) ? 500 : 200 });
    await until(() => rejections() === 2);
    const { retried } = queue.stats;
    await until(() => queue.stats.retried > retried + 10);
    expect(rejections()).toBe(2);
    await queue.drain(0);
  });
});

describe('the load on the backend', () => {
  test('is at most four messages at a time', async () => {
    let open = 0;
    let most = 0;
    const queue = delivery({
      backend: {
        send: async () => {
          open += 1;
          most = Math.max(most, open);
          await systemClock.sleep(5);
          open -= 1;
          return { kind: 'accepted', body: '' };
        },
      },
    });
    for (let n = 0; n < 20; n += 1) queue.send(message(String(n), { n }));
    await queue.idle();
    expect(most).toBe(4);
  });

  test('is one message a pause, whatever waits, while the token is refused', async () => {
    peer.script = refuse;
    const queue = delivery({ pauses: { minMs: 60, maxMs: 60 } });
    for (let n = 0; n < 20; n += 1) queue.send(message(String(n), { n }));
    await systemClock.sleep(200);
    // Four that were sent before the first answer, then one each 60 ms at least.
    expect(peer.received.length).toBeLessThanOrEqual(4 + 4);
    peer.script = ok;
    await queue.idle();
    expect(queue.stats.delivered).toBe(20);
  });

  test('is no larger for messages that have nothing to send any more', async () => {
    peer.script = refuse;
    const queue = delivery({ pauses: { minMs: 60, maxMs: 60 } });
    for (let n = 0; n < 20; n += 1) {
      queue.send(message(String(n), { n }));
      queue.send({ key: `nothing ${n}`, requests: () => [] });
    }
    await systemClock.sleep(200);
    expect(peer.received.length).toBeLessThanOrEqual(4 + 4);
    await queue.drain(0);
  });

  test('begins again only after the time that Retry-After asks for', async () => {
    const times: number[] = [];
    peer.script = (_, sequence) => {
      times.push(performance.now());
      return { status: sequence === 1 ? 503 : 200, headers: { 'retry-after': '1' } };
    };
    const queue = delivery();
    queue.send(message('a', {}));
    await queue.idle();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
  });
});

describe('the line', () => {
  test('is bounded: the message at its head is dropped, once aloud and always counted', async () => {
    peer.script = refuse;
    const queue = delivery({ capacity: 3, pauses: { minMs: 1_000, maxMs: 1_000 } });
    queue.send(message('probe', {}));
    await until(() => queue.stats.retried === 1);
    for (let n = 0; n < 10; n += 1) queue.send(message(String(n), { n }));
    expect(queue.size).toBe(3);
    expect(queue.stats.dropped).toBe(8);
    expect(collected.messages().filter((line) => line.startsWith('too many messages wait'))).toHaveLength(1);
    peer.script = ok;
    await queue.drain(2_000);
    expect(peer.bodies('/reports').slice(1)).toEqual([{ n: 7 }, { n: 8 }, { n: 9 }]);
  });
});

test('that the line is empty again is told if it was full, once', async () => {
  let recoveries = 0;
  const queue = delivery({ capacity: 3, onRecovered: () => (recoveries += 1) });
  for (let n = 0; n < 20; n += 1) queue.send(message(String(n), { n }));
  expect(queue.stats.dropped).toBeGreaterThan(0);
  expect(recoveries).toBe(0);
  await queue.idle();
  expect(recoveries).toBe(1);
  queue.send(message('one more', {}));
  await queue.idle();
  expect(recoveries).toBe(1);
});

describe('draining', () => {
  test('delivers what waits without waiting for the end of a long pause', async () => {
    peer.script = refuse;
    const queue = delivery({ pauses: { minMs: 60_000, maxMs: 60_000 } });
    for (const key of ['a', 'b', 'c']) queue.send(message(key, { key }));
    await until(() => queue.stats.retried === 3);
    peer.script = ok;
    expect(await queue.drain(5_000)).toBe(0);
    expect(queue.stats.delivered).toBe(3);
  });

  test('ends at once when nothing waits', async () => {
    const clock = { ...systemClock, sleep: () => new Promise<void>(() => {}) };
    expect(await delivery({ clock }).drain(10_000)).toBe(0);
  });

  test('ends after the grace and says how much is left', async () => {
    peer.script = () => ({ status: 200, after: new Promise(() => {}) });
    const queue = delivery();
    queue.send(message('a', {}));
    queue.send(message('b', {}));
    expect(await queue.drain(100)).toBe(2);
  });
});

test('the service token is in no log line, whatever happens', async () => {
  for (const status of [401, 403, 422, 500, 503]) {
    peer.script = ({ headers }, sequence) => ({
      status: sequence % 2 ? status : 200,
      body: { message: `you sent ${String(headers['x-service-token'])}` },
    });
    const queue = delivery();
    queue.send(message('a', {}));
    await queue.idle();
  }
  const unreachable = new Backend({ baseUrl: 'http://127.0.0.1:1', token: `${token}\n${token}`, log: collected.log });
  await unreachable.send({ method: 'GET', path: '/' });
  await expect(unreachable.list('/list')).rejects.toThrow(/^GET \/list: /);
  expect(collected.text()).not.toContain(token);
  expect(collected.text()).toContain('refuses the service token');
});
