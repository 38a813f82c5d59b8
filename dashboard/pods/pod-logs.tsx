/** The logs that the agent sent along. */
import type { PodFailure } from '../../shared/contract/pods.ts';
import { CopyButton, Part, Verbatim } from '../design/detail.tsx';
import { Note } from '../design/states.tsx';

export function PodLogs({ failure: { logs } }: { readonly failure: PodFailure }) {
  if (logs === '') {
    return (
      <Part title="Logs">
        <Note>The agent could read no logs of this pod.</Note>
      </Part>
    );
  }
  return (
    <Part title="Logs" actions={<CopyButton text={logs} />}>
      <Verbatim label="Logs" text={logs} />
    </Part>
  );
}
