import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw, SearchX, ShieldCheck } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Finding } from '../../shared/contract/security.ts';
import { useMay } from '../app/session.tsx';
import { useOpened } from '../app/use-opened.ts';
import { keys, type FindingView } from '../api/keys.ts';
import { readFindings } from '../api/lists.ts';
import { request } from '../api/request.ts';
import { Badge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { Chips, type Chip } from '../design/chips.tsx';
import { SearchField } from '../design/field.tsx';
import { counted } from '../design/format.ts';
import { Card, Page, Toolbar } from '../design/page.tsx';
import { Row, Rows } from '../design/rows.tsx';
import { Empty, Failed, Note, Skeleton } from '../design/states.tsx';
import { Tabs } from '../design/tabs.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { severityTone } from '../design/tone.ts';
import { filterFindings, severities } from './filter-findings.ts';
import { FindingDetail } from './finding-detail.tsx';

const nothing: Readonly<Record<FindingView, readonly [title: string, text: string]>> = {
  open: ['No open finding', 'When the scanner finds something it shows up here at once.'],
  dismissed: ['No finding is dismissed', 'A finding that is dismissed waits here until it is fixed or restored.'],
};

/** Each with how many of those it has that the search leaves. */
const severityChoices = (left: readonly Finding[]): readonly Chip[] => [
  { value: '', label: 'All severities', count: left.length },
  ...severities.map((severity) => ({ value: severity, label: severity, count: ofSeverity(left, severity).length, tone: severityTone(severity) })),
];

const ofSeverity = (findings: readonly Finding[], severity: string): readonly Finding[] =>
  severity === '' ? findings : findings.filter((finding) => finding.severity === severity);

export default function FindingsPage({ view }: { readonly view: FindingView }) {
  const { data, error, refetch } = useQuery({ queryKey: keys.findings(view), queryFn: () => readFindings(view) });
  const [search, setSearch] = useState('');
  const [severity, setSeverity] = useState('');
  const left = filterFindings(data ?? [], useDeferredValue(search));
  const shown = ofSeverity(left, severity);
  const { opened, isGone, isMissing, open, close } = useOpened(data);
  const hasAny = data !== undefined && data.length > 0;
  const isOpen = view === 'open';
  return (
    <Page title="Security findings" lead="What the scanner found in the cluster, worst first." actions={<Rescan />}>
      <Tabs
        label="Views of findings"
        current={isOpen ? '/findings' : '/findings/dismissed'}
        tabs={[
          { href: '/findings', label: 'Open', count: isOpen ? data?.length : undefined },
          { href: '/findings/dismissed', label: 'Dismissed', count: isOpen ? undefined : data?.length },
        ]}
      />
      {isMissing && <Note>The finding of this link is not in this list: it is fixed, or somebody decided about it.</Note>}
      {hasAny && (
        <Toolbar>
          <SearchField label="Search findings" value={search} onChange={setSearch} />
          <Chips label="Severity" value={severity} onChoose={setSeverity} choices={severityChoices(left)} />
          <span role="status">{counted(shown.length, 'finding')}</span>
        </Toolbar>
      )}
      <Card isFlush>
        {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
        {!error && !data && <Skeleton />}
        {data?.length === 0 && (
          <Empty icon={<ShieldCheck />} title={nothing[view][0]}>
            {nothing[view][1]}
          </Empty>
        )}
        {data && data.length > 0 && shown.length === 0 && (
          <Empty icon={<SearchX />} title="No finding matches">
            Change the search or the severity.
          </Empty>
        )}
        {shown.length > 0 && (
          <Rows label="Findings" markWidth="6rem" items={shown} idOf={({ id }) => id} onOpen={open}>
            {(finding) => (
              <Row
                name={finding.title}
                text={`${finding.resource_type} ${finding.resource_name}`}
                place={finding.namespace}
                mark={<Badge tone={severityTone(finding.severity)}>{finding.severity}</Badge>}
                when={<TimeAgo at={finding.timestamp} />}
              />
            )}
          </Rows>
        )}
      </Card>
      {opened && <FindingDetail key={opened.id} finding={opened} isGone={isGone} onClose={close} />}
    </Page>
  );
}

function Rescan() {
  const { data } = useQuery<{ status: string } | null>({ queryKey: keys.rescan, queryFn: () => null, staleTime: Infinity });
  const client = useQueryClient();
  const work = useMutation({
    mutationFn: () => {
      // What is said of the scan before is over.
      client.setQueryData(keys.rescan, null);
      return request('POST', '/api/security/rescan');
    },
  });
  const mayWrite = useMay('write');
  const isRunning = data?.status === 'started';
  return (
    <>
      <span role="status">
        {isRunning && 'The scanner is at work.'}
        {!isRunning && work.isSuccess && data?.status !== 'completed' && 'Rescan requested. The scanner starts it as soon as it is connected.'}
        {data?.status === 'completed' && 'The rescan is completed.'}
      </span>
      {work.isError && <Failed error={work.error} />}
      {mayWrite && (
        <Button icon={<RefreshCw aria-hidden="true" />} isBusy={work.isPending || isRunning} onClick={() => work.mutate()}>
          Rescan
        </Button>
      )}
    </>
  );
}
