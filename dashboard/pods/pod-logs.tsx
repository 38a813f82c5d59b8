/** The logs that the agent sent along: some lines of the failing container, and what it captured of each that crashed. */
import { useQuery } from '@tanstack/react-query';
import type { PodFailure, PodLogs as Captured } from '../../shared/contract/pods.ts';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { CopyButton, Part, Verbatim } from '../design/detail.tsx';
import { Note } from '../design/states.tsx';

/** As many lines as the backend gives. */
const query = new URLSearchParams({ tail_lines: '5000', previous: 'true' });

export function PodLogs({ failure }: { readonly failure: PodFailure }) {
  const { logs, logs_captured, container_statuses } = failure;
  if (logs === '' && !logs_captured) {
    return (
      <Part title="Logs">
        <Note>The agent could read no logs of this pod.</Note>
      </Part>
    );
  }
  return (
    <>
      {logs !== '' && <Lines title="Logs" text={logs} />}
      {logs_captured && container_statuses.map(({ name }) => <CapturedLogs key={name} failure={failure} container={name} />)}
    </>
  );
}

function CapturedLogs({ failure, container }: { readonly failure: PodFailure; readonly container: string }) {
  const { namespace, pod_name } = failure;
  const path = `/api/pods/${encodeURIComponent(namespace)}/${encodeURIComponent(pod_name)}/logs?${query}&container=${encodeURIComponent(container)}`;
  const { data } = useQuery({ queryKey: [...keys.podLogs(failure), container], queryFn: () => get<Captured>(path) });
  return data && data.logs !== '' && <Lines title={`Captured logs of ${container}`} text={data.logs} />;
}

function Lines({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Part title={title} actions={<CopyButton text={text} />}>
      <Verbatim label={title} text={text} />
    </Part>
  );
}
