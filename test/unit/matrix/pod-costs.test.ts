import { expect, it } from 'vitest';
import { podCosts } from '../../delivery/pod-costs.ts';
import type { SeenPod } from '../../delivery/pod-history.ts';

const desired = { backend: 1, scanner: 1, agent: 2, operator: 1 };
const act = { name: 'act', play: async () => {} };

/** `backend a`: a pod of the backend, of the template `a`; `backend a gone`: one that is gone. The first one's uid is `0`. */
const pods = (...words: readonly string[]): SeenPod[] =>
  words.map((word, index) => {
    const [app = '', template = '', gone] = word.split(' ');
    return { uid: String(index), app, template, isGone: gone !== undefined };
  });

const inUse = () => new Map(Object.keys(desired).map((app) => [app, 'a']));

it('asks nothing of a first installation', () => {
  const first = pods('backend a', 'scanner a', 'agent a', 'agent a', 'operator a');
  expect(podCosts(first, desired, new Map(), { ...act, fresh: true })).toEqual({ restarts: 0, replaced: 0 });
});

it('counts a new form of a pod template as one restart, however many pods it has', () => {
  expect(podCosts(pods('agent b', 'agent b', 'backend b'), desired, inUse(), act)).toEqual({ restarts: 2, replaced: 0 });
});

it('counts the way back to an earlier form as one more', () => {
  const there = pods('backend b', 'scanner b', 'agent b', 'agent b');
  const back = pods('backend a', 'scanner a', 'agent a', 'agent a');
  expect(podCosts([...there, ...back], desired, inUse(), { ...act, edited: 'a token' })).toEqual({ restarts: 3, replaced: 0 });
});

it('counts a pod of a form that is in use as one that was replaced', () => {
  expect(podCosts(pods('scanner a', 'agent a'), desired, inUse(), act)).toEqual({ restarts: 0, replaced: 2 });
});

it('keeps the forms from act to act', () => {
  const templates = inUse();
  podCosts(pods('backend b'), desired, templates, act);
  expect(podCosts(pods('backend b'), desired, templates, act)).toEqual({ restarts: 0, replaced: 1 });
});

it('excuses the replacement of a pod that started in between', () => {
  const seen = pods('scanner b gone', 'scanner b');
  expect(podCosts(seen, desired, inUse(), act, new Set(['0']))).toEqual({ restarts: 1, replaced: 0 });
  expect(podCosts(seen, desired, inUse(), act)).toEqual({ restarts: 1, replaced: 1 });
});

it.each([
  ['another workload', pods('agent b gone', 'agent b', 'scanner a')],
  ['another form', pods('scanner b gone', 'scanner a', 'scanner a')],
  ['one that is still there', pods('scanner b', 'scanner b')],
  ['one that came before it', pods('scanner a gone')],
])('excuses no other replacement by it: %s', (_name, seen) => {
  expect(podCosts(seen, desired, inUse(), act, new Set(['0'])).replaced).toBe(1);
});
