import type { PodFailure } from '../../shared/contract/pods.ts';
import { Badge } from '../design/badge.tsx';
import { Breakable } from '../design/breakable.tsx';
import { Part } from '../design/detail.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

export function PodContainers({ failure }: { readonly failure: PodFailure }) {
  const containers = failure.container_statuses;
  if (containers.length === 0) return null;
  return (
    <Part title="Containers">
      <Table
        label="Containers"
        columns={['Name', 'State', 'Restarts', 'Image']}
        rows={containers.map(({ name, ready, state, reason, exit_code, restart_count, image, message }) => ({
          key: name,
          cells: [
            name,
            <>
              <Badge tone={ready ? 'good' : 'high'}>{reason ?? state ?? 'unknown'}</Badge>
              {typeof exit_code === 'number' && <div>exit code {exit_code}</div>}
              {message && <div>{message}</div>}
            </>,
            restart_count,
            <Breakable text={image} />,
          ],
        }))}
      />
    </Part>
  );
}

export function PodEvents({ failure: { events } }: { readonly failure: PodFailure }) {
  if (events.length === 0) return null;
  return (
    <Part title="Events">
      <Table
        label="Events"
        columns={['Reason', 'Message', 'When']}
        rows={events.map(({ type, reason, message, timestamp }, index) => ({
          key: index,
          cells: [
            <Badge tone={type === 'Warning' ? 'medium' : 'calm'}>{reason ?? 'none'}</Badge>,
            message && <Breakable text={message} />,
            timestamp ? <TimeAgo at={timestamp} /> : 'unknown',
          ],
        }))}
      />
    </Part>
  );
}
