import type { RotationStatus } from '../../shared/contract/credentials.ts';
import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

export function Generations({ keys }: Pick<RotationStatus, 'keys'>) {
  return (
    <Card title="Generations" lead="Accepted until they are retired." isFlush>
      <Table label="Generations" columns={['Key', 'Generation', 'State', 'Age', 'Origin']}>
        {Object.entries(keys).flatMap(([key, { accepted, target, committed }]) =>
          accepted.map(({ name, recordedAt, origin, editedBy }) => (
            <tr key={`${key} ${name}`}>
              <th scope="row">{key}</th>
              <td>{name}</td>
              <td>
                <Badge tone={name === committed && name === target ? 'good' : name === target ? 'low' : 'medium'}>
                  {name === committed && name === target ? 'current' : name === target ? 'new' : 'old'}
                </Badge>
              </td>
              <td>
                <TimeAgo at={recordedAt} />
              </td>
              <td>{editedBy === undefined ? origin : `${origin} by ${editedBy}`}</td>
            </tr>
          )),
        )}
      </Table>
    </Card>
  );
}
