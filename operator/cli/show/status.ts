/** What `status` prints. Pure. */
import { keyNames } from '../../../shared/credential/keyring.ts';
import type { Release } from '../../model/release.ts';
import { requestNames } from '../../model/snapshot.ts';
import type { Style } from '../screen.ts';
import type { Liveness } from '../release/liveness.ts';
import type { KeyView, RotationStatus } from '../status-document.ts';
import { shortDuration } from './duration.ts';
import { table } from './table.ts';

export type Paint = (style: Style, text: string) => string;

export function statusLines(status: RotationStatus, release: Release, now: number, paint: Paint, operator?: Liveness): string[] {
  const { phase, failures } = status;
  const heading = `${release.name} in ${release.namespace}: ${paint(styleOf(phase), phase)}`;
  return [
    heading,
    ...(operator === 'away' ? [paint('red', lastWords(status, now))] : []),
    ...requestLines(status),
    '',
    ...keyLines(status, now),
    ...waitingLines(status),
    '',
    ...workloadLines(status),
    ...holderLines(status),
    ...(failures.length === 0 ? [] : ['', ...failures.map((failure) => paint('red', failure))]),
  ];
}

export function styleOf(phase: RotationStatus['phase']): Style {
  if (phase === 'Stable') return 'green';
  return phase === 'Stuck' || phase === 'Rejected' || phase === 'Contested' ? 'red' : 'yellow';
}

const lastWords = ({ writtenAt }: RotationStatus, now: number): string =>
  `no operator runs for it: this is what the last one saw, ${shortDuration(now - Date.parse(writtenAt))} ago`;

function requestLines({ requests }: RotationStatus): string[] {
  const named = requestNames.flatMap((request) =>
    requests[request] === undefined ? [] : [`asked for: ${request} ${requests[request]}`],
  );
  return requests.pause ? ['asked for: pause; `resume` ends it', ...named] : named;
}

function keyLines({ keys }: RotationStatus, now: number): string[] {
  const rows = keyNames.flatMap((key) => {
    const view = keys[key];
    return view === undefined ? [] : generationRows(view, now).map((row, index) => [index === 0 ? key : '', ...row]);
  });
  return table([['KEY', 'GENERATION', 'AGE', 'STATE', 'BY'], ...rows]);
}

function generationRows({ accepted, target, committed }: KeyView, now: number): string[][] {
  return accepted.toReversed().map(({ name, recordedAt, origin, editedBy }) => [
    name,
    shortDuration(now - Date.parse(recordedAt)),
    stateOf(name, target, committed),
    editedBy ?? origin,
  ]);
}

function stateOf(name: string, target: string, committed: string): string {
  if (name === target) return name === committed ? 'in force' : 'being rolled out';
  return 'still accepted';
}

function waitingLines({ keys, waitingFor: ofAll }: RotationStatus): string[] {
  const ofEach = keyNames.flatMap((key) => {
    const { phase, step, waitingFor = [] } = keys[key] ?? {};
    const where = step === undefined ? phase : `${phase} in ${step}`;
    return waitingFor.map((what) => `${key}, ${where}: waiting for ${what}`);
  });
  const lines = [...ofAll.map((what) => `waiting for ${what}`), ...ofEach];
  return lines.length === 0 ? [] : ['', ...lines];
}

function workloadLines({ workloads }: RotationStatus): string[] {
  const rows = workloads.map((one) => [one.workload, one.role, one.old, one.new, one.ready, one.reads.join(', ')]);
  return table([['WORKLOAD', 'ROLE', 'OLD', 'NEW', 'READY', 'READS'], ...rows]);
}

function holderLines({ workloads, otherHolders, moreHolders }: RotationStatus): string[] {
  const lines = [
    ...workloads.flatMap(({ workload, old, holders }) => [...holders, ...moreLines(old - holders.length)].map((pod) => `  ${pod}  (${workload})`)),
    ...otherHolders.map(({ pod, owner }) => `  ${pod}  (${owner ?? 'no owner'}): nothing restarts it`),
    ...moreLines(moreHolders).map((more) => `  ${more}`),
  ];
  return lines.length === 0 ? [] : ['', 'Pods that hold an older value:', ...lines];
}

/** For the pods that the status leaves out. */
export const moreLines = (count: number): string[] => (count > 0 ? [`and ${count} more`] : []);
