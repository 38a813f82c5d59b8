/** What `history` prints. Pure. */
import type { HistoryEntry } from '../../../shared/credential/keyring.ts';
import { shortDuration } from './duration.ts';
import { table } from './table.ts';

/** Newest first. */
export function historyLines(history: readonly HistoryEntry[]): string[] {
  if (history.length === 0) return ['No rotation has ended yet.'];
  const rows = history.toReversed().map(({ key, generation, editedBy, startedAt, committedAt, workloads }) => [
    startedAt.replace(/\.\d+Z$/, 'Z'),
    key,
    generation,
    editedBy ?? '-',
    shortDuration(Date.parse(committedAt) - Date.parse(startedAt)),
    workloads.length,
  ]);
  return table([['STARTED', 'KEY', 'GENERATION', 'BY', 'TOOK', 'RESTARTS'], ...rows]);
}
