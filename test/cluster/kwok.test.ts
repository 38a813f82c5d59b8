/** Fake nodes outlive a run that is killed; the next run does not stumble over them. */
import { expect, it } from 'vitest';
import { kubectl, kubectlJson } from '../../testbed/kubectl.ts';
import { fakeNodeKey, startKwok, stopKwok } from '../../testbed/kwok.ts';

interface Node {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}

const nodes = async () => (await kubectlJson<{ items: Node[] }>(['get', 'node', `--selector=${fakeNodeKey}`])).items;

const hostname = 'kubernetes.io/hostname';

it('starts where the nodes of a killed run are left, and somebody else has changed what it applies', async () => {
  await startKwok(1);
  await stopKwok(); // as if it had been killed: nobody takes its nodes away
  // A controller taints them as unreachable after a minute; a label nobody takes back.
  await kubectl(['label', 'node', `--selector=${fakeNodeKey}`, `${hostname}=changed`, '--overwrite', '--field-manager=somebody']);

  const leave = await startKwok(1);

  expect((await nodes()).map(({ metadata }) => metadata.labels[hostname])).toEqual(['kwok-0']);
  await leave();
  expect(await nodes()).toEqual([]);
});
