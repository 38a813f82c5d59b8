/** The table in docs/delivery.md: what the matrix found, without anything that differs from run to run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actNames } from './acts.ts';
import type { Cost, Measured } from './measure.ts';
import { modes } from './modes.ts';
import { ways } from './tools/ways.ts';

const path = join(import.meta.dirname, '../../docs/delivery.md');
const edges = ['<!-- The rows are written by DELIVERY=all DELIVERY_TABLE=write npx vitest run --project delivery -->', '<!-- end -->'] as const;

export const rowOf = (way: string, mode: string): string => `${way} | ${mode}`;
const rowNames = ways.flatMap((way) => modes.map((mode) => rowOf(way.name, mode.name)));

/** By row, then by act. */
export type Verdicts = ReadonlyMap<string, ReadonlyMap<string, string>>;

const words: Readonly<Record<keyof Cost, string>> = {
  rotations: 'rotated',
  resurrected: 'resurrected',
  changed: 'changed',
  refused: 'refused',
  restarts: 'restarts',
  replaced: 'pods replaced',
  failed: 'failed',
};

/** In a cell where pods started in between, which is a matter of moments. */
const between = ' †';

/** `0`, or what it was. */
export function verdictOf({ cost, ...seen }: Measured): string {
  const found = (Object.keys(words) as (keyof Cost)[]).filter((what) => cost[what] !== 0).map((what) => `${cost[what]} ${words[what]}`);
  return `${found.length === 0 ? '0' : found.join(', ')}${seen.between > 0 ? between : ''}`;
}

/** What must be the same in every run. */
export const lasting = (verdicts: ReadonlyMap<string, string> = new Map()): object =>
  Object.fromEntries([...verdicts].map(([act, verdict]) => [act, verdict.replace(between, '')]));

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function tableOf(verdicts: Verdicts): string {
  const rows = rowNames.map((row) => line([row, ...actNames.map((act) => verdicts.get(row)?.get(act) ?? '')]));
  return [line(['way', 'values from', ...actNames]), line(['---', '---', ...actNames.map(() => '---')]), ...rows].join('\n');
}

/** As committed. */
export function readTable(): Verdicts {
  const [, block = ''] = new RegExp(`${edges[0]}\n([^]*?)\n${edges[1]}`).exec(readFileSync(path, 'utf8')) ?? [];
  const rows = block.split('\n').slice(2).map((row) => row.slice(2, -2).split(' | '));
  return new Map(rows.map(([way = '', mode = '', ...cells]) => [rowOf(way, mode), new Map(actNames.map((act, index) => [act, cells[index] ?? '']))]));
}

export function writeTable(verdicts: Verdicts): void {
  const [before = ''] = readFileSync(path, 'utf8').split(edges[0]);
  const [, after = ''] = readFileSync(path, 'utf8').split(edges[1]);
  writeFileSync(path, `${before}${edges[0]}\n${tableOf(verdicts)}\n${edges[1]}${after}`);
}
