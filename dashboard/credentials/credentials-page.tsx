import { useQuery } from '@tanstack/react-query';
import type { Credentials, RotationStatus } from '../../shared/contract/credentials.ts';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { CopyButton, Verbatim } from '../design/detail.tsx';
import { duration } from '../design/format.ts';
import { Card, Page } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { Generations } from './generations.tsx';
import { Presenters } from './presenters.tsx';
import { Steps } from './steps.tsx';
import { Workloads } from './workloads.tsx';

const whileRotatingMs = 1_000;
const otherwiseMs = 15_000;

const missing: Readonly<Record<Exclude<Credentials['operator'], 'present'>, string>> = {
  absent: 'This backend follows no operator. Rotate by hand: edit the Secret, then restart the workloads that read it.',
  silent: 'The operator has written no status yet. Look whether its pod runs.',
  unreadable: "The operator's status is of another version. Bring operator and backend to the same release.",
};

const manualWay = `kubectl edit secret <release>-bootstrap
kubectl rollout restart deployment/<release>-backend deployment/<release>-security-scanner
kubectl rollout restart daemonset/<release>-agent`;

export default function CredentialsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: keys.credentials,
    queryFn: () => get<Credentials>('/api/admin/credentials'),
    refetchInterval: ({ state }) => (isRotating(state.data) ? whileRotatingMs : otherwiseMs),
  });
  return (
    <Page title="Credentials" lead="How old each key is, and how a rotation goes. No value is shown.">
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton />}
      {data && data.operator !== 'present' && (
        <Card title="Without the operator" actions={data.operator === 'absent' && <CopyButton text={manualWay} />}>
          <Note tone="medium">{missing[data.operator]}</Note>
          {data.operator === 'absent' && <Verbatim label="Rotate by hand" text={manualWay} />}
        </Card>
      )}
      {data?.status && <Rotation status={data.status} />}
      {data && <Presenters verifier={data.verifier} target={data.status?.keys['service-token']?.target} />}
      {data?.status && <History history={data.status.history} />}
    </Page>
  );
}

const isRotating = (data: Credentials | undefined): boolean => data?.status != null && data.status.phase !== 'Stable';

function Rotation({ status }: { readonly status: RotationStatus }) {
  return (
    <>
      <Steps status={status} />
      <Workloads workloads={status.workloads} otherHolders={status.otherHolders ?? []} moreHolders={status.moreHolders ?? 0} />
      <Generations keys={status.keys} />
    </>
  );
}

function History({ history }: Pick<RotationStatus, 'history'>) {
  return (
    <Card title="History" isFlush={history.length > 0}>
      {history.length === 0 ? (
        <Note>No rotation yet.</Note>
      ) : (
        <Table
          label="History"
          columns={['Key', 'Generation', 'Ended', 'Took', 'Edited by']}
          rows={history.toReversed().map(({ key, generation, startedAt, committedAt, editedBy }) => ({
            key: `${key} ${generation}`,
            cells: [
              key,
              generation,
              <TimeAgo at={committedAt} />,
              duration(Date.parse(committedAt) - Date.parse(startedAt)),
              editedBy ?? 'unknown',
            ],
          }))}
        />
      )}
    </Card>
  );
}
