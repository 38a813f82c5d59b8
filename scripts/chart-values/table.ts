/** The tables of the chart's README: one for what stands alone, one for each part. */
import { definitionOf } from './definitions.ts';
import { isTree, type Tree, type Value } from './read.ts';

export function tablesOf(values: readonly Value[]): string {
  const alone = values.filter((value) => !isPart(value));
  const parts = values.filter(isPart).map((part) => `### ${part.path.join('.')}\n\n${introduction(part)}${table(part.children)}`);
  return [table(alone), ...parts].join('\n\n');
}

const isPart = ({ children, schema }: Value): boolean => children.length > 0 && !('$ref' in schema);

const introduction = ({ description }: Value): string => (description === '' ? '' : `${description}\n\n`);

function table(values: readonly Value[]): string {
  return ['| value | default | |', '|---|---|---|', ...values.flatMap((value) => rows(value, {}))].join('\n');
}

/** One row for a value, or those of the values below it. `known`: what a definition says about it. */
function rows(value: Value, known: Tree): string[] {
  const definition = definitionOf(value.schema) ?? known;
  const properties = isTree(definition['properties']) ? definition['properties'] : {};
  if (value.children.length > 0 && !isOne(value, definition)) {
    return value.children.flatMap((child) => rows(child, propertyOf(properties, child)));
  }
  const description = value.description || definition['description'];
  const name = value.path.join('.');
  if (typeof description !== 'string') throw new Error(`${name}: a "# --" comment above it must say what it is for`);
  return [`| \`${name}\` | ${show(value.default)} | ${description.replaceAll('|', '\\|')} |`];
}

/** A map that is given as a whole: it has a description of its own. */
const isOne = (value: Value, definition: Tree): boolean => 'description' in definition || value.description !== '';

const propertyOf = (properties: Tree, { path }: Value): Tree => {
  const property = properties[path.at(-1) ?? ''];
  return isTree(property) ? property : {};
};

const show = (value: unknown): string => (value === '' || value === null ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
