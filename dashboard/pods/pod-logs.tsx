/** The logs that the agent sent along, and newer ones on demand. */
import { useMutation } from '@tanstack/react-query';
import type { PodFailure } from '../../shared/contract/pods.ts';
import { get } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { CopyButton, Part, Verbatim } from '../design/detail.tsx';
import { Failed, Note } from '../design/states.tsx';

const tailLines = 500;

export function PodLogs({ failure: { namespace, pod_name, logs, status } }: { readonly failure: PodFailure }) {
  const path = `/api/pods/${encodeURIComponent(namespace)}/${encodeURIComponent(pod_name)}/logs?tail_lines=${tailLines}`;
  const newer = useMutation({ mutationFn: () => get<{ logs: string }>(path) });
  const text = newer.data?.logs ?? logs;
  const actions = (
    <span>
      {status !== 'resolved' && (
        <Button kind="quiet" isBusy={newer.isPending} onClick={() => newer.mutate()}>
          Read again
        </Button>
      )}
      {text !== '' && <CopyButton text={text} />}
    </span>
  );
  return (
    <Part title="Logs" actions={actions}>
      {newer.isError && <Failed error={newer.error} />}
      {text === '' ? <Note>The agent could read no logs of this pod.</Note> : <Verbatim label="Logs" text={text} />}
    </Part>
  );
}
