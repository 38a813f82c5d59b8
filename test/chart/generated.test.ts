/** The schema and the README of the chart say what values.yaml says. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../../scripts/chart-values/files.ts';
import { readValues } from '../../scripts/chart-values/read.ts';
import { schemaOf } from '../../scripts/chart-values/schema.ts';
import { tablesOf } from '../../scripts/chart-values/table.ts';
import { chart } from './render.ts';

const lines = (...text: string[]) => readValues(text.join('\n'));

describe('what is generated from values.yaml', () => {
  it.each(generatedFiles().map((file) => ({ ...file, name: relative(chart, file.path) })))('$name is up to date: npm run generate', ({ path, content }) => {
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('is a schema that needs no network and lets no unknown key pass', () => {
    const schema = readFileSync(`${chart}/values.schema.json`, 'utf8');
    expect(JSON.parse(schema)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', additionalProperties: false });
    expect([...schema.matchAll(/"\$ref": "([^#"]+)/g)].map(([, url]) => url)).toEqual([]);
  });
});

describe('a comment in values.yaml', () => {
  it('becomes the description and the limits of the value below it', () => {
    const values = lines('# -- How many.', '# @schema {"minimum": 2}', 'pods: 3');
    expect(schemaOf(values, [])['properties']).toMatchObject({ pods: { type: 'integer', minimum: 2, description: 'How many.' } });
    expect(tablesOf(values)).toContain('| `pods` | `3` | How many. |');
  });

  it('above a map introduces the part', () => {
    expect(tablesOf(lines('# Runs.', 'engine:', '  # -- How fast.', '  speed: 1'))).toContain('### engine\n\nRuns.\n\n| value');
  });

  it('belongs to no value that an empty line keeps it from', () => {
    expect(() => tablesOf(lines('# -- Lost.', '', 'pods: 3'))).toThrow('pods: a "# --" comment above it must say what it is for');
  });

  it('is needed where a default says nothing', () => {
    expect(() => schemaOf(lines('# -- How many.', 'pods: null'), [])).toThrow('pods: its default is null, so say by @schema what else it may be');
  });

  it('that limits by nonsense is refused', () => {
    expect(() => lines('# @schema {minimum', 'pods: 3')).toThrow('pods: what follows @schema is neither the name of a definition nor JSON');
  });
});
