import { useQuery } from '@tanstack/react-query';
import { CircleCheck, SearchX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { PodFailure } from '../../shared/contract/pods.ts';
import { useOpened } from '../app/use-opened.ts';
import { keys, type PodView } from '../api/keys.ts';
import { readPods } from '../api/lists.ts';
import { Badge } from '../design/badge.tsx';
import { Chips, type Chip } from '../design/chips.tsx';
import { Choice, SearchField } from '../design/field.tsx';
import { counted } from '../design/format.ts';
import { Card, Page, Toolbar } from '../design/page.tsx';
import { Row, Rows } from '../design/rows.tsx';
import { Empty, Failed, Note, Skeleton } from '../design/states.tsx';
import { Tabs } from '../design/tabs.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { filterPods, namespacesOf, reasonsOf, reasonTone } from './filter-pods.ts';
import { Acknowledged } from './acknowledged.tsx';
import { PodDetail } from './pod-detail.tsx';
import { Retention } from './retention.tsx';

const tabs = [
  { view: 'failing', href: '/pods', label: 'Failing' },
  { view: 'ignored', href: '/pods/ignored', label: 'Ignored' },
  { view: 'history', href: '/pods/history', label: 'History' },
] as const;

const nothing: Readonly<Record<PodView, readonly [title: string, text: string]>> = {
  failing: ['No failing pod is reported', 'When the agent reports one it shows up here at once.'],
  ignored: ['No pod is ignored', 'A failing pod that is dismissed waits here until it recovers or is restored.'],
  history: ['No history yet', 'Pods that failed and recovered are listed here.'],
};

/** All that there are, each with how many of those it has that search and namespace leave. */
const reasonChoices = (all: readonly PodFailure[], left: readonly PodFailure[], chosen: string): readonly Chip[] => [
  { value: '', label: 'All reasons', count: left.length },
  ...reasonsOf(all, chosen).map(({ reason, tone }) => ({ value: reason, label: reason, count: ofReason(left, reason).length, tone })),
];

const ofReason = (failures: readonly PodFailure[], reason: string): readonly PodFailure[] =>
  reason === '' ? failures : failures.filter(({ failure_reason }) => failure_reason === reason);

export default function PodsPage({ view }: { readonly view: PodView }) {
  const { data, error, refetch } = useQuery({ queryKey: keys.pods(view), queryFn: () => readPods(view) });
  const [search, setSearch] = useState('');
  const [namespace, setNamespace] = useState('');
  const [reason, setReason] = useState('');
  const left = filterPods(data ?? [], { search: useDeferredValue(search), namespace });
  const shown = ofReason(left, reason);
  const { opened, isGone, isMissing, open, close } = useOpened(data);
  const hasAny = data !== undefined && data.length > 0;
  const current = tabs.find((tab) => tab.view === view)?.href ?? '';
  return (
    <Page title="Failing pods" lead="Pods that cannot run, why, and what to do about it.">
      <Tabs label="Views of pods" current={current} tabs={tabs.map((tab) => ({ ...tab, count: tab.view === view ? data?.length : undefined }))} />
      {isMissing && <Note>The pod of this link is not in this list: it recovered, was deleted, or somebody decided about it.</Note>}
      {hasAny && (
        <Toolbar>
          <SearchField label="Search pods" value={search} onChange={setSearch} />
          <Choice label="Namespace" value={namespace} onChoose={setNamespace}>
            <option value="">All namespaces</option>
            {namespacesOf(data, namespace).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
          <span role="status">{counted(shown.length, 'pod')}</span>
          <Chips label="Reason" value={reason} onChoose={setReason} choices={reasonChoices(data, left, reason)} />
        </Toolbar>
      )}
      <Card isFlush>
        <PodList {...{ view, data, error, shown }} onRetry={() => void refetch()} onOpen={open} />
      </Card>
      {view !== 'failing' && <Retention name={view} />}
      {opened && <PodDetail key={opened.id} failure={opened} view={view} isGone={isGone} onClose={close} />}
    </Page>
  );
}

interface PodListProps {
  readonly view: PodView;
  readonly data: readonly PodFailure[] | undefined;
  readonly shown: readonly PodFailure[];
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onOpen: (failure: PodFailure) => void;
}

function PodList({ view, data, shown, error, onRetry, onOpen }: PodListProps) {
  if (error && !data) return <Failed error={error} onRetry={onRetry} />;
  if (!data) return <Skeleton />;
  if (data.length === 0) {
    return (
      <Empty icon={<CircleCheck />} title={nothing[view][0]}>
        {nothing[view][1]}
      </Empty>
    );
  }
  if (shown.length === 0) {
    return (
      <Empty icon={<SearchX />} title="No pod matches">
        Change the search, the reason or the namespace.
      </Empty>
    );
  }
  return (
    <Rows label="Pods" markWidth="13rem" items={shown} idOf={({ id }) => id} onOpen={onOpen}>
      {(failure) => (
        <Row
          name={failure.pod_name}
          note={failure.status === 'investigating' && <Acknowledged />}
          place={failure.namespace}
          text={failure.failure_message ?? ''}
          mark={<Badge tone={reasonTone(failure)}>{failure.failure_reason}</Badge>}
          when={<TimeAgo at={failure.resolved_at ?? failure.timestamp} />}
        />
      )}
    </Rows>
  );
}
