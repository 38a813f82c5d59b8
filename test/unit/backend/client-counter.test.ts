import { Registry } from '@prometheus-io/client';
import { expect, it } from 'vitest';
import { ClientCounter } from '../../../backend/client-counter.ts';

function counter() {
  const registry = new Registry();
  const counter = new ClientCounter({ name: 'seen_total', help: 'Seen', labelNames: ['namespace', 'reason'], registers: [registry] });
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('seen_total{'));
  return { counter, lines };
}

it('counts what clients name under their names', async () => {
  const { counter: seen, lines } = counter();
  for (const reason of ['OOMKilled', 'Error', 'OOMKilled']) seen.inc({ namespace: 'shop', reason });
  expect(await lines()).toEqual(['seen_total{namespace="shop",reason="OOMKilled"} 2', 'seen_total{namespace="shop",reason="Error"} 1']);
});

it('counts beyond a thousand names without them, and goes on with those that it knows', async () => {
  const { counter: seen, lines } = counter();
  for (let index = 0; index < 1_500; index += 1) seen.inc({ namespace: 'shop', reason: `reason ${index}` });
  seen.inc({ namespace: 'shop', reason: 'reason 7' });
  expect(await lines()).toHaveLength(1_001);
  expect(await lines()).toEqual(expect.arrayContaining(['seen_total{namespace="other",reason="other"} 500', 'seen_total{namespace="shop",reason="reason 7"} 2']));
});

it('keeps no name that is too long to be one', async () => {
  const { counter: seen, lines } = counter();
  seen.inc({ namespace: 'shop', reason: 'x'.repeat(1_000_000) });
  expect(await lines()).toEqual(['seen_total{namespace="other",reason="other"} 1']);
});
