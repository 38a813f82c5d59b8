import { expect, it } from 'vitest';
import { podCosts } from '../../delivery/pod-costs.ts';
import type { SeenPod } from '../../delivery/pod-history.ts';

const desired = { backend: 1, scanner: 1, agent: 2, operator: 1 };
const act = { name: 'act', play: async () => {} };

/** `backend a`: a pod of the backend, of the template `a`. */
const pods = (...words: readonly string[]): SeenPod[] =>
  words.map((word) => {
    const [app = '', template = ''] = word.split(' ');
    return { app, template };
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
