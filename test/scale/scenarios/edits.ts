/** The rows about what a person changes. */
import type { Scenario } from '../harness/play.ts';
import { fernetKeyOf, valueOf } from '../harness/values.ts';
import { firstValues } from '../harness/fake-release.ts';

export const withEncryptionKey: Pick<Scenario, 'shape' | 'values'> = { shape: { encryption: true }, values: { ...firstValues, 'encryption-key': fernetKeyOf('E') } };

export const edits: readonly Scenario[] = [
  {
    name: 'no keyring: the present values are adopted',
    fromTheStart: true,
    when: (stage) => stage.settled(),
  },
  {
    name: 'no keyring, and pods that are older than the Secret',
    fromTheStart: true,
    async given(stage) {
      await stage.until('pods', async () => stage.inside.held().length === 4 || 'they start');
      await stage.replaceBootstrap({ 'service-token': valueOf('B'), 'session-secret': valueOf('S') });
    },
    when: (stage) => stage.settled(),
    refusalsBecause: 'nobody has recorded the value that the old pods hold',
    unorderedBecause: 'nothing older is accepted: all move at once',
  },
  {
    name: 'an edit of the service token',
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
  },
  {
    name: 'an edit of the session secret',
    async when(stage) {
      await stage.release.edit({ 'session-secret': valueOf('T') });
      await stage.settled();
    },
  },
  {
    name: 'an edit of both',
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B'), 'session-secret': valueOf('T') });
      await stage.settled();
    },
  },
  {
    name: 'an edit of the encryption key',
    ...withEncryptionKey,
    async when(stage) {
      await stage.release.edit({ 'encryption-key': fernetKeyOf('F') });
      await stage.settled();
    },
  },
  {
    name: 'a second edit while the first one is rolled out',
    async when(stage) {
      stage.inside.isMute = true;
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.stamped('agent', 'scanner');
      await stage.release.edit({ 'service-token': valueOf('C') });
      stage.inside.isMute = false;
      await stage.settled();
    },
  },
  {
    name: 'the value from before the edit, while that is rolled out',
    async when(stage) {
      stage.inside.isMute = true;
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.stamped('agent', 'scanner');
      await stage.release.edit({ 'service-token': valueOf('A') });
      stage.inside.isMute = false;
      await stage.settled();
    },
  },
  {
    name: 'an invalid value',
    async when(stage) {
      await stage.release.edit({ 'service-token': 'too short' });
      await stage.settled();
    },
  },
  {
    name: 'a retired value',
    async given(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('A') });
      await stage.settled();
    },
  },
  {
    name: 'values of a renderer that could not see the cluster',
    async when(stage) {
      await stage.release.render({ 'service-token': valueOf('R'), 'session-secret': valueOf('Q') });
      await stage.settled();
    },
  },
  {
    name: 'values of a renderer, and a pod that started with one',
    async when(stage) {
      const scanner = await stage.release.podOf('scanner');
      await stage.release.render({ 'service-token': valueOf('R'), 'session-secret': valueOf('Q') });
      await stage.release.deletePod(scanner);
      await stage.settled();
    },
    unorderedBecause: 'a pod is replaced, no workload is stamped',
  },
  {
    name: 'an encryption key of a renderer that could not see the cluster',
    ...withEncryptionKey,
    async when(stage) {
      await stage.release.render({ 'encryption-key': fernetKeyOf('F') });
      await stage.settled();
    },
  },
];
