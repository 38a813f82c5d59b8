import type { OtherHolder, WorkloadCredentials } from '../../shared/contract/credentials.ts';
import { Breakable } from '../design/breakable.tsx';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import css from './workloads.module.css';

/** More marks, or more names, would be a carpet; the numbers beside say the rest. */
const mostPods = 40;

interface WorkloadsProps {
  readonly workloads: readonly WorkloadCredentials[];
  readonly otherHolders: readonly OtherHolder[];
  /** How many more of them there are. */
  readonly moreHolders: number;
}

export function Workloads({ workloads, otherHolders, moreHolders }: WorkloadsProps) {
  const rows = workloads.map((workload) => ({
    key: workload.workload,
    cells: [
      <Breakable text={workload.workload} />,
      workload.role,
      <Marks old={workload.old} fresh={workload.new} holders={workload.holders} />,
      workload.old,
      workload.new,
      `${workload.ready} of ${workload.desired}`,
    ],
  }));
  const old = otherHolders.length + moreHolders;
  const others = {
    key: 'others',
    cells: ['Pods that nothing restarts', '', <Marks old={old} fresh={0} holders={otherHolders.map(({ pod }) => pod)} />, old, 0, ''],
  };
  return (
    <Card title="Workloads" lead={<Legend />} isFlush>
      <Table
        label="Workloads"
        columns={['Workload', 'Role', 'Pods', 'Old', 'New', 'Ready']}
        rows={otherHolders.length === 0 ? rows : [...rows, others]}
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

interface MarksProps {
  readonly old: number;
  readonly fresh: number;
  /** Names of the old ones, of many the first. */
  readonly holders: readonly string[];
}

/** The new ones first; the numbers say the same to a screen reader. */
function Marks({ old, fresh, holders }: MarksProps) {
  const marks = [...Array.from({ length: fresh }, () => 'new' as const), ...Array.from({ length: old }, () => 'old' as const)];
  return (
    <>
      <div className={css.marks} aria-hidden="true">
        {marks.slice(0, mostPods).map((generation, index) => (
          <Mark key={index} generation={generation} />
        ))}
      </div>
      {holders.length > 0 && <div className={css.holders}>{namesOf(holders, old)}</div>}
    </>
  );
}

function namesOf(holders: readonly string[], old: number): string {
  const named = holders.slice(0, mostPods);
  const more = old - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}
