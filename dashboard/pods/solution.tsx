import type { PodFailure } from '../../shared/contract/pods.ts';
import { Part, Prose } from '../design/detail.tsx';
import { Note } from '../design/states.tsx';

/** What may help. */
export function Solution({ failure }: { readonly failure: PodFailure }) {
  return (
    <Part title="Solution">
      <Note>
        <Prose text={failure.solution || 'There is no solution yet. Events and logs say more.'} />
      </Note>
    </Part>
  );
}
