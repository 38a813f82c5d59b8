/** Numbers as people compare them. */

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const perSecond = (value: number): string => (value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** How many times the other's figure this one is. */
export const ratio = (ours: number, other: number | undefined): string =>
  other === undefined ? 'not measured' : `${(ours / other).toFixed(2)} ×`;

export type Row = readonly string[];

/** As Markdown, so that it can be put into a page as it is. */
export function printTable(head: Row, rows: readonly Row[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log(['', line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''].join('\n'));
}
