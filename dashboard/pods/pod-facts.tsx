import type { PodFailure } from '../../shared/contract/pods.ts';
import { Badge } from '../design/badge.tsx';
import { Part } from '../design/detail.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

export function PodContainers({ failure }: { readonly failure: PodFailure }) {
  const containers = failure.container_statuses;
  if (containers.length === 0) return null;
  return (
    <Part title="Containers">
      <Table label="Containers" columns={['Name', 'State', 'Restarts', 'Image']}>
        {containers.map(({ name, ready, state, reason, exit_code, restart_count, image, message }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Badge tone={ready ? 'good' : 'high'}>{reason ?? state ?? 'unknown'}</Badge>
              {typeof exit_code === 'number' && <div>exit code {exit_code}</div>}
              {message && <div>{message}</div>}
            </td>
            <td>{restart_count}</td>
            <td>{image}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}

export function PodEvents({ failure: { events } }: { readonly failure: PodFailure }) {
  if (events.length === 0) return null;
  return (
    <Part title="Events">
      <Table label="Events" columns={['Reason', 'Message', 'When']}>
        {events.map(({ type, reason, message, timestamp }, index) => (
          <tr key={index}>
            <th scope="row">
              <Badge tone={type === 'Warning' ? 'medium' : 'calm'}>{reason ?? 'none'}</Badge>
            </th>
            <td>{message}</td>
            <td>{timestamp ? <TimeAgo at={timestamp} /> : 'unknown'}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}
