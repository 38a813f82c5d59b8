import { useQuery } from '@tanstack/react-query';
import type { Credentials, RotationStatus } from '../../shared/contract/credentials.ts';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { Badge } from '../design/badge.tsx';
import { Verbatim } from '../design/detail.tsx';
import { duration } from '../design/format.ts';
import { Card, Page } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { Generations } from './generations.tsx';
import { Presenters } from './presenters.tsx';
import { Steps } from './steps.tsx';

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
  const { data, error } = useQuery({
    queryKey: keys.credentials,
    queryFn: () => get<Credentials>('/api/admin/credentials'),
    refetchInterval: ({ state }) => (isRotating(state.data) ? whileRotatingMs : otherwiseMs),
  });
  return (
    <Page title="Credentials" lead="How old each key is, and how a rotation goes. No value is shown.">
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton />}
      {data && data.operator !== 'present' && (
        <Card title="Without the operator">
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
      <Steps phase={status.phase} waitingFor={status.waitingFor} failures={status.failures} />
      <Generations keys={status.keys} />
      <Card title="Workloads" lead="Pods move from the old generation to the new." isFlush>
        <Table label="Workloads" columns={['Workload', 'Role', 'Old', 'New', 'Ready', 'Old pods']}>
          {status.workloads.map(({ workload, role, old, new: fresh, ready, desired, holders }) => (
            <tr key={workload}>
              <th scope="row">{workload}</th>
              <td>{role}</td>
              <td>{old > 0 ? <Badge tone="medium">{old}</Badge> : old}</td>
              <td>{fresh}</td>
              <td>
                {ready} of {desired}
              </td>
              <td>{holders.join(', ')}</td>
            </tr>
          ))}
        </Table>
      </Card>
    </>
  );
}

function History({ history }: Pick<RotationStatus, 'history'>) {
  return (
    <Card title="History" isFlush={history.length > 0}>
      {history.length === 0 ? (
        <Note>No rotation yet.</Note>
      ) : (
        <Table label="History" columns={['Key', 'Generation', 'Ended', 'Took', 'Edited by']}>
          {history.toReversed().map(({ key, generation, startedAt, committedAt, editedBy }) => (
            <tr key={`${key} ${generation}`}>
              <th scope="row">{key}</th>
              <td>{generation}</td>
              <td>
                <TimeAgo at={committedAt} />
              </td>
              <td>{duration(Date.parse(committedAt) - Date.parse(startedAt))}</td>
              <td>{editedBy ?? 'unknown'}</td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
