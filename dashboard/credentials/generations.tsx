import type { RotationStatus } from '../../shared/contract/credentials.ts';
import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

const toneOf = { current: 'good', new: 'low', old: 'medium' } as const;

function stateOf(name: string, target: string, committed: string): keyof typeof toneOf {
  if (name !== target) return 'old';
  return name === committed ? 'current' : 'new';
}

export function Generations({ keys }: Pick<RotationStatus, 'keys'>) {
  return (
    <Card title="Generations" lead="Each is accepted until it is retired; of the retired ones the last is shown." isFlush>
      <Table
        label="Generations"
        columns={['Key', 'Generation', 'State', 'Age', 'Origin']}
        rows={Object.entries(keys).flatMap(([key, { accepted, retired, target, committed }]) => [
          ...accepted.map(({ name, recordedAt, origin, editedBy }) => ({
            key: name,
            cells: [
              key,
              name,
              <Badge tone={toneOf[stateOf(name, target, committed)]}>{stateOf(name, target, committed)}</Badge>,
              <TimeAgo at={recordedAt} />,
              editedBy === undefined ? origin : `${origin} by ${editedBy}`,
            ],
          })),
          ...retired.slice(-1).map(({ name, retiredAt }) => ({
            key: name,
            cells: [key, name, <Badge tone="calm">retired</Badge>, <TimeAgo at={retiredAt} />, ''],
          })),
        ])}
      />
    </Card>
  );
}
