import type { WorkloadCredentials } from '../../shared/contract/credentials.ts';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import css from './workloads.module.css';

/** More would be a carpet; the numbers beside say the rest. */
const mostMarks = 40;

export function Workloads({ workloads }: { readonly workloads: readonly WorkloadCredentials[] }) {
  return (
    <Card title="Workloads" lead="Each mark is a pod. Pods move from the old generation to the new." isFlush>
      <Table
        label="Workloads"
        columns={['Workload', 'Role', 'Pods', 'Old', 'New', 'Ready']}
        rows={workloads.map((workload) => ({
          key: workload.workload,
          cells: [
            workload.workload,
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

/** The new ones first; the numbers say the same to a screen reader. */
function Marks({ workload: { old, new: fresh, holders } }: { readonly workload: WorkloadCredentials }) {
  const marks = [...Array.from({ length: fresh }, () => 'new'), ...Array.from({ length: old }, () => 'old')];
  return (
    <>
      <div className={css.marks} aria-hidden="true">
        {marks.slice(0, mostMarks).map((generation, index) => (
          <i key={index} data-generation={generation} />
        ))}
      </div>
      {holders.length > 0 && <div className={css.holders}>{holders.join(', ')}</div>}
    </>
  );
}
