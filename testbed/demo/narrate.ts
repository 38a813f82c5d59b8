/** Turns the statuses of a rotation into lines for people: what happens, who restarts, who still holds what. */
import { styleText } from 'node:util';
import type { RotationStatus } from './follow.ts';

/** Returns a function that takes each status as it comes and prints what is new in it. */
export function narrator(startedAt: number, print: (line: string) => void): (status: RotationStatus) => void {
  let said = '';
  return (status) => {
    const rotating = Object.entries(status.keys).filter(([, key]) => key.phase !== 'Stable');
    const lines = rotating.map(([name, key]) => `${name}: ${describe(key.waitingFor)}`);
    const text = [status.phase, ...(lines.length > 0 ? lines : ['everything holds the newest values'])].join('\n');
    if (text === said) return;
    said = text;
    const at = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`.padStart(8);
    for (const [index, line] of (lines.length > 0 ? lines : ['everything holds the newest values']).entries()) {
      const head = index === 0 ? `${at}  ${styleText('bold', status.phase.padEnd(11))}` : ' '.repeat(21);
      print(`${head} ${line}`);
    }
  };
}

const shown = 3;

/** What it waits for, shortened where a long list would hide the point. */
function describe(waitingFor: readonly string[]): string {
  if (waitingFor.length === 0) return 'goes on';
  const rest = waitingFor.length - shown;
  return `waits for ${waitingFor.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
