import type { Credentials } from '../../shared/contract/credentials.ts';
import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Note } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

interface PresentersProps {
  readonly verifier: Credentials['verifier'];
  readonly target: string | undefined;
}

/** Who presents which generation of the service token to this backend. */
export function Presenters({ verifier: { uses, refused }, target }: PresentersProps) {
  const rows = uses.flatMap(({ generation, sources }) => sources.map((source) => ({ generation, ...source })));
  return (
    <Card title="Presenters of the service token" lead="As this backend has seen them since it started." isFlush={rows.length + refused.length > 0}>
      {rows.length + refused.length === 0 ? (
        <Note>Nobody has presented the service token yet.</Note>
      ) : (
        <Table label="Presenters" columns={['Address', 'Generation', 'State', 'Uses', 'Last use']}>
          {rows.map(({ generation, address, count, lastUsedAt }) => (
            <tr key={`${generation} ${address}`}>
              <th scope="row">{address}</th>
              <td>{generation ?? 'without a name'}</td>
              <td>
                {target === undefined || generation === target ? <Badge tone="good">accepted</Badge> : <Badge tone="medium">old</Badge>}
              </td>
              <td>{count}</td>
              <td>
                <TimeAgo at={lastUsedAt} />
              </td>
            </tr>
          ))}
          {refused.map(({ reason, generation, address, count, lastRefusedAt }) => (
            <tr key={`${reason} ${generation ?? ''} ${address}`}>
              <th scope="row">{address}</th>
              <td>{generation ?? reason}</td>
              <td>
                <Badge tone="critical">refused</Badge>
              </td>
              <td>{count}</td>
              <td>
                <TimeAgo at={lastRefusedAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
