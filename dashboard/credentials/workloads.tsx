import type { WorkloadCredentials } from '../../shared/contract/credentials.ts';
import { Breakable } from '../design/breakable.tsx';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import css from './workloads.module.css';

/** More would be a carpet; the numbers beside say the rest. */
const mostMarks = 40;

export function Workloads({ workloads }: { readonly workloads: readonly WorkloadCredentials[] }) {
  return (
    <Card title="Workloads" lead={<Legend />} isFlush>
      <Table
        label="Workloads"
        columns={['Workload', 'Role', 'Pods', 'Old', 'New', 'Ready']}
        rows={workloads.map((workload) => ({
          key: workload.workload,
          cells: [
            <Breakable text={workload.workload} />,
            workload.role,
            <Marks workload={workload} />,
            workload.old,
            workload.new,
            `${workload.ready} of ${workload.desired}`,
          ],
        }))}
      />
    </Card>
  );
}

const Legend = () => (
  <>
    Each mark is a pod. It starts <Mark generation="old" /> with the old generation, and is replaced by one <Mark generation="new" /> with the new.
  </>
);

const Mark = ({ generation }: { readonly generation: 'old' | 'new' }) => <i className={css.mark} data-generation={generation} aria-hidden="true" />;

/** The new ones first; the numbers say the same to a screen reader. */
function Marks({ workload: { old, new: fresh, holders } }: { readonly workload: WorkloadCredentials }) {
  const marks = [...Array.from({ length: fresh }, () => 'new' as const), ...Array.from({ length: old }, () => 'old' as const)];
  return (
    <>
      <div className={css.marks} aria-hidden="true">
        {marks.slice(0, mostMarks).map((generation, index) => (
          <Mark key={index} generation={generation} />
        ))}
      </div>
      {holders.length > 0 && <div className={css.holders}>{holders.join(', ')}</div>}
    </>
  );
}
