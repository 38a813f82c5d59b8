/** values.schema.json (draft-07, which Helm 3 and 4 understand alike). */
import { definitions } from './definitions.ts';
import type { Tree, Value } from './read.ts';

/** `gone`: dotted paths that get past the schema, because the chart itself says in a sentence what took their place. */
export function schemaOf(values: readonly Value[], gone: readonly string[]): Tree {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the kure-monitor chart',
    type: 'object',
    additionalProperties: false,
    properties: {
      enabled: { type: 'boolean', description: 'For charts that have this one as a conditional dependency.' },
      ...propertiesOf(values, gone),
    },
    definitions,
  };
}

function propertiesOf(values: readonly Value[], gone: readonly string[]): Tree {
  const properties = values.map((value) => [value.path.at(-1), nodeOf(value, goneBelow(gone, value.path.at(-1)))] as const);
  const here = new Set(values.map((value) => value.path.at(-1)));
  const left = new Set(gone.map((path) => path.split('.')[0] ?? '').filter((key) => !here.has(key)));
  return Object.fromEntries([...properties, ...[...left].map((key) => [key, goneNode(goneBelow(gone, key))] as const)]);
}

function goneNode(below: readonly string[]): Tree {
  const properties = below.length === 0 ? {} : { type: ['object', 'null'], additionalProperties: false, properties: propertiesOf([], below) };
  return { description: 'Gone.', ...properties };
}

const goneBelow = (gone: readonly string[], key: string | undefined): string[] =>
  gone.filter((path) => path.startsWith(`${key}.`)).map((path) => path.slice(`${key}.`.length));

function nodeOf(value: Value, gone: readonly string[]): Tree {
  if ('$ref' in value.schema) return value.schema;
  const node = { ...typeOf(value), ...value.schema, ...(value.description === '' ? {} : { description: value.description }) };
  if (value.children.length === 0) return node;
  return { additionalProperties: false, ...node, properties: propertiesOf(value.children, gone) };
}

/** As the default is, so are others: a number counts something. */
function typeOf({ path, default: given, schema }: Value): Tree {
  if ('type' in schema || 'enum' in schema) return {};
  if (Array.isArray(given)) return { type: 'array' };
  if (typeof given === 'number') return { type: 'integer', minimum: 0 };
  if (given === null) throw new Error(`${path.join('.')}: its default is null, so say by @schema what else it may be`);
  return { type: typeof given };
}
