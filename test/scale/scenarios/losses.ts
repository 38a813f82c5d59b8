/** The rows about what gets lost, and what is not as it should be. */
import { secretName, keyringName, type WorkloadName } from '../harness/manifests.ts';
import type { Scenario } from '../harness/play.ts';
import { lostAnnotation } from '../../../testbed/kwok.ts';
import { valueOf } from '../harness/values.ts';

export const losses: readonly Scenario[] = [
  {
    name: 'the keyring is deleted',
    async given(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
    async when(stage) {
      await stage.release.deleteSecret(keyringName);
      await stage.settled();
    },
    mayDiffer: { parts: ['keys', 'history', 'stamps'], because: 'a new process does not know the keyring, and adopts' },
  },
  {
    name: 'the bootstrap Secret is deleted',
    async when(stage) {
      await stage.release.deleteSecret(secretName);
      await stage.settled();
    },
  },
  {
    name: 'the bootstrap Secret is deleted and made anew with another value',
    async when(stage) {
      await stage.release.deleteSecret(secretName);
      await stage.release.createBootstrap({ 'service-token': valueOf('B'), 'session-secret': valueOf('S') }).catch(() => {});
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
    mayDiffer: { parts: ['secrets'], because: 'the operator may have been faster than the person to make it anew' },
  },
  {
    name: 'a key is taken out of the Secret',
    async when(stage) {
      await stage.release.drop('service-token');
      await stage.settled();
    },
  },
  {
    name: 'a Secret without values, and no keyring',
    values: {},
    fromTheStart: true,
    when: (stage) => stage.settled(),
  },
  {
    name: 'a pod that starts with an older value',
    async when(stage) {
      stage.inside.staleStarts.push({ workload: 'scanner', holds: { 'service-token': valueOf('A') } });
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
    unorderedBecause: 'the pod that is replaced began after the stamp',
  },
  lostPodOf('scanner', 'Deployment'),
  // Its controller goes on counting the pod.
  lostPodOf('agent', 'DaemonSet'),
];

function lostPodOf(workload: WorkloadName, kind: string): Scenario {
  return {
    name: `a pod of a ${kind} on a node that has died`,
    width: 24,
    async given({ release }) {
      await release.annotatePod(await release.podOf(workload), { [lostAnnotation]: 'true' });
    },
    async when(stage) {
      const { release } = stage;
      const pod = (await release.pods()).find(({ metadata }) => metadata.annotations?.[lostAnnotation])!.metadata.name;
      const older = await release.target();
      await release.edit({ 'service-token': valueOf('B') });
      await stage.stamped(workload);
      await stage.until('the pod to be waited for by its name', () => stage.isNamed(pod));
      await release.ask('retire', older);
      await stage.reached('Stable');
      await release.annotatePod(pod, { [lostAnnotation]: null });
      await stage.settled();
    },
    refusalsBecause: 'the pod comes back with a value that a person has given up',
    unorderedBecause: 'a person has said to go on without the pod',
  };
}
