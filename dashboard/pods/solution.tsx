import type { PodFailure } from '../../shared/contract/pods.ts';
import { Advice } from '../design/advice.tsx';
import { Part } from '../design/detail.tsx';

/** What may help. */
export function Solution({ failure }: { readonly failure: PodFailure }) {
  return (
    <Part title="Solution">
      <Advice text={failure.solution || 'There is no solution yet. Events and logs say more.'} />
    </Part>
  );
}
