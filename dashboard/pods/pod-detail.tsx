import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PodFailure } from '../../shared/contract/pods.ts';
import { useMay } from '../app/session.tsx';
import { keys, type PodView } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { Badge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { CopyButton, Facts, Part, Summary, Verbatim } from '../design/detail.tsx';
import { Dialog } from '../design/dialog.tsx';
import { dateTime } from '../design/format.ts';
import { Failed, Note } from '../design/states.tsx';
import { Acknowledged } from './acknowledged.tsx';
import { reasonTone } from './filter-pods.ts';
import { PodContainers, PodEvents } from './pod-facts.tsx';
import { PodLogs } from './pod-logs.tsx';
import { Solution, SolutionFromLogs } from './solution.tsx';

interface PodDetailProps {
  readonly failure: PodFailure;
  readonly view: PodView;
  /** It has left this view. */
  readonly isGone: boolean;
  readonly onClose: () => void;
}

export function PodDetail({ failure, view, isGone, onClose }: PodDetailProps) {
  const facts = [
    ['Namespace', failure.namespace],
    ['Node', failure.node_name ?? 'none yet'],
    ['Phase', failure.phase],
    ['Created', dateTime(failure.creation_timestamp)],
    ...(failure.resolved_at === null ? [] : [['Resolved', dateTime(failure.resolved_at)] as const]),
  ] as const;
  return (
    <Dialog shape="sheet" title={failure.pod_name} onClose={onClose} footer={!isGone && <Decisions failure={failure} view={view} onDone={onClose} />}>
      {isGone && <Note>This pod has left the list: it recovered, was deleted, or somebody decided about it.</Note>}
      <Summary text={failure.failure_message}>
        <Badge tone={reasonTone(failure)}>{failure.failure_reason}</Badge>
        {failure.status === 'investigating' && <Acknowledged />}
      </Summary>
      <Facts facts={facts} />
      {failure.resolution_note && <Note tone="good">{failure.resolution_note}</Note>}
      <Solution failure={failure} />
      <SolutionFromLogs failure={failure} />
      <PodContainers failure={failure} />
      <PodEvents failure={failure} />
      <PodLogs failure={failure} />
      {failure.manifest !== '' && (
        <Part title="Manifest" actions={<CopyButton text={failure.manifest} />}>
          <Verbatim label="Manifest" text={failure.manifest} />
        </Part>
      )}
    </Dialog>
  );
}

interface Decision {
  readonly call: () => Promise<unknown>;
  readonly onSuccess: () => void;
}

/** With the detail open. */
const stay = (): void => undefined;

/** What a person may do with a failure in each view; without the role nothing is shown. */
function Decisions({ failure: { id, status }, view, onDone }: { readonly failure: PodFailure; readonly view: PodView; readonly onDone: () => void }) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState('');
  const [isDeleting, setDeleting] = useState(false);
  const reread = () => client.invalidateQueries({ queryKey: keys.allPods });
  const work = useMutation({
    mutationFn: ({ call }: Decision) => call(),
    // Here, not at each `mutate`: these buttons may be gone before the answer, when the list hears of the decision first.
    onSuccess: (_answer, { onSuccess }) => {
      onSuccess();
      return reread();
    },
  });
  if (!useMay('write')) return <p>Your role may see this and change nothing.</p>;
  const offer = (label: string, call: () => Promise<unknown>, kind: 'plain' | 'primary' = 'plain', onSuccess = onDone) => (
    <Button
      kind={kind}
      isBusy={work.isPending && chosen === label}
      onClick={() => {
        setChosen(label);
        work.mutate({ call, onSuccess });
      }}
    >
      {label}
    </Button>
  );
  const acknowledge = () => request('PATCH', `/api/pods/failed/${id}/status`, { status: 'investigating' });
  return (
    <>
      {work.isError && <Failed error={work.error} />}
      {view !== 'failing' && (
        <Button kind="danger" onClick={() => setDeleting(true)}>
          Delete record
        </Button>
      )}
      {view === 'ignored' && offer('Restore', () => request('PUT', `/api/pods/ignored/${id}/restore`), 'primary')}
      {view === 'failing' && status === 'new' && offer('Acknowledge', acknowledge, 'plain', stay)}
      {view === 'failing' && offer('Dismiss', () => request('DELETE', `/api/pods/failed/${id}`), 'primary')}
      {isDeleting && (
        <Confirm
          title="Delete this record?"
          action="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await request('DELETE', `/api/pods/records/${id}`);
            onDone();
            await reread();
          }}
        >
          The pod itself is not touched. This cannot be taken back.
        </Confirm>
      )}
    </>
  );
}
