/** The rows about what a person changes. */
import type { Scenario } from '../harness/play.ts';
import { valueOf } from '../harness/values.ts';

export const edits: readonly Scenario[] = [
  {
    name: 'adopt',
    fromTheStart: true,
    when: (stage) => stage.settled(),
  },
  {
    name: 'an edit of the service token',
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
  },
];
