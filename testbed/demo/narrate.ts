/** Turns the statuses of a rotation into lines for people: what happens, who restarts, who still holds what. */
import { styleText } from 'node:util';
import type { RotationStatus } from '../../operator/cli/status-document.ts';

/** Returns a function that takes each status as it comes and prints what is new in it. */
export function narrator(print: (line: string) => void): (status: RotationStatus, seconds: number) => void {
  let said: readonly string[] = [];
  return (status, seconds) => {
    const lines = linesOf(status);
    const fresh = lines.filter((line) => !said.includes(line));
    said = lines;
    for (const [index, line] of fresh.entries()) {
      const time = index === 0 ? `${seconds.toFixed(1)} s` : '';
      print(`${time.padStart(9)}  ${styleText('bold', status.phase.padEnd(11))} ${line}`);
    }
  };
}

function linesOf(status: RotationStatus): string[] {
  if (status.phase === 'Stable') return ['every pod holds the newest values, and nothing else is accepted'];
  const waiting = Object.entries(status.keys).flatMap(([key, { waitingFor = [] }]) =>
    waitingFor.map((what) => `${key}: waiting for ${what}`),
  );
  const moving = status.workloads
    .filter(({ old, new: moved }) => old > 0 && moved > 0)
    .map(({ workload, old, new: moved }) => `${workload}: ${moved} new, ${old} old (${old === 1 ? 'pod' : 'pods'} still there)`);
  return [...waiting.map((line) => line.replace(/for further edits.*/, 'for further edits')), ...moving];
}
