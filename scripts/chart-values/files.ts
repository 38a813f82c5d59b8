/** What is generated from chart/values.yaml: the text that each file should have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { readValues, type Tree } from './read.ts';
import { schemaOf } from './schema.ts';
import { tablesOf } from './table.ts';

const chart = join(import.meta.dirname, '../../chart');
const [begin, end] = ['<!-- values: begin -->', '<!-- values: end -->'];

export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

export function generatedFiles(): GeneratedFile[] {
  const read = (name: string): string => readFileSync(join(chart, name), 'utf8');
  const values = readValues(read('values.yaml'));
  const gone = Object.keys(load(read('files/gone.yaml')) as Tree);
  return [
    { path: join(chart, 'values.schema.json'), content: `${JSON.stringify(schemaOf(values, gone), undefined, 2)}\n` },
    { path: join(chart, 'README.md'), content: between(read('README.md'), tablesOf(values)) },
  ];
}

function between(text: string, content: string): string {
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`chart/README.md needs the lines ${begin} and ${end}`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}
