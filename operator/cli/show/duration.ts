/** Times as people read them. */
import { CommandError } from '../exit.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Two units at most: `45s`, `3m 20s`, `5h 2m`, `12d 4h`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0s';
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

/** `10.3 s` */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Milliseconds of `90s`, `15m`, `2h`; throws for anything else. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    throw new CommandError('usage', `"${text}" is not a duration: write it as 90s, 15m or 2h`);
  }
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}
