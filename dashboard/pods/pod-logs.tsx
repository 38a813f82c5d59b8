/** The logs that the agent sent along: some lines of the failing container, and what it captured of each that crashed. */
import { useQuery } from '@tanstack/react-query';
import type { PodFailure, PodLogs as Captured } from '../../shared/contract/pods.ts';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { CopyButton, Part, Verbatim } from '../design/detail.tsx';
import { Failed, Note } from '../design/states.tsx';

export function PodLogs({ failure }: { readonly failure: PodFailure }) {
  const { logs, logs_captured } = failure;
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
      {logs_captured && <CapturedLogs failure={failure} />}
    </>
  );
}

/** Init containers among them, of which an agent may say nothing else. */
function CapturedLogs({ failure }: { readonly failure: PodFailure }) {
  const { data, error, refetch } = useCaptured(failure);
  if (!data) return <Unread title="Captured logs" error={error} onRetry={() => void refetch()} />;
  return data.containers.map((container) => <CapturedOf key={container} failure={failure} container={container} />);
}

function CapturedOf({ failure, container }: { readonly failure: PodFailure; readonly container: string }) {
  const { data, error, refetch } = useCaptured(failure, container);
  const title = `Captured logs of ${container}`;
  if (!data) return <Unread title={title} error={error} onRetry={() => void refetch()} />;
  return data.logs !== '' && <Lines title={title} text={data.logs} />;
}

/** Nothing while they are being read. */
function Unread({ title, error, onRetry }: { readonly title: string; readonly error: unknown; readonly onRetry: () => void }) {
  return (
    error !== null && (
      <Part title={title}>
        <Failed error={error} onRetry={onRetry} />
      </Part>
    )
  );
}

/** As many lines as the backend gives: of one container, or of the first one and the names of all. */
function useCaptured(failure: PodFailure, container = '') {
  const [namespace, pod] = [failure.namespace, failure.pod_name].map(encodeURIComponent);
  const query = new URLSearchParams({ tail_lines: '5000', previous: 'true', container });
  return useQuery({
    queryKey: [...keys.podLogs(failure), container],
    queryFn: () => get<Captured>(`/api/pods/${namespace}/${pod}/logs?${query}`),
  });
}

function Lines({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Part title={title} actions={<CopyButton text={text} />}>
      <Verbatim label={title} text={text} />
    </Part>
  );
}
