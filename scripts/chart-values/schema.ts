/** values.schema.json (draft-07, which Helm 3 and 4 understand alike). */
import { definitionOf, definitions } from './definitions.ts';
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
    required: requiredOf(values),
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
  return { additionalProperties: false, ...node, properties: propertiesOf(value.children, gone), required: requiredOf(value.children) };
}

/** Helm takes away what is null. An empty default is what the chart does without, and a few values are null to say something. */
const requiredOf = (values: readonly Value[]): (string | undefined)[] =>
  values.filter((value) => !isEmpty(value.default) && !takesNull(value)).map(({ path }) => path.at(-1));

const isEmpty = (given: unknown): boolean => given === null || given === '' || (typeof given === 'object' && Object.keys(given).length === 0);

function takesNull({ schema }: Value): boolean {
  const { type } = definitionOf(schema) ?? schema;
  return Array.isArray(type) && type.includes('null');
}

/** As the default is, so are others: a number counts something. */
function typeOf({ path, default: given, schema }: Value): Tree {
  if ('type' in schema || 'enum' in schema) return {};
  if (Array.isArray(given)) return { type: 'array' };
  if (typeof given === 'number') return { type: 'integer', minimum: 0 };
  if (given === null) throw new Error(`${path.join('.')}: its default is null, so say by @schema what else it may be`);
  return { type: typeof given };
}
