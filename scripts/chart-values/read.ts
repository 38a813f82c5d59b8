/**
 * Reads the comments of values.yaml: `# --` begins the description of the value below it, `# @schema` says what it may be (JSON, or
 * the name of one of the definitions), and any other comment right above a map introduces the whole of it.
 */
import { load } from 'js-yaml';

export type Tree = Readonly<Record<string, unknown>>;
export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Value {
  readonly path: readonly string[];
  readonly default: unknown;
  readonly description: string;
  readonly schema: Tree;
  readonly children: readonly Value[];
}

interface Remarks {
  readonly description: string;
  readonly schema: Tree;
}

/** Every value of a text, with the values below it. A comment that no key follows belongs to none. */
export function readValues(text: string): Value[] {
  const remarks = readRemarks(text);
  const below = (node: Tree, path: readonly string[]): Value[] =>
    Object.entries(node).map(([key, value]) => {
      const own = [...path, key];
      const { description, schema } = remarks.get(own.join('.')) ?? { description: '', schema: {} };
      return { path: own, default: value, description, schema, children: isTree(value) ? below(value, own) : [] };
    });
  return below(load(text) as Tree, []);
}

function readRemarks(text: string): Map<string, Remarks> {
  const found = new Map<string, Remarks>();
  const path: string[] = [];
  let block: string[] = [];
  for (const line of text.split('\n')) {
    const comment = /^ *# ?(.*)$/.exec(line)?.[1];
    const [, indent, key] = /^( *)([A-Za-z]\w*):/.exec(line) ?? [];
    if (comment !== undefined) {
      block.push(comment);
      continue;
    }
    if (indent !== undefined && key !== undefined) {
      path.splice(indent.length / 2, path.length, key);
      found.set(path.join('.'), understand(block, path.join('.')));
    }
    block = [];
  }
  return found;
}

function understand(block: readonly string[], path: string): Remarks {
  const annotation = block.find((line) => line.startsWith('@schema '))?.slice('@schema '.length);
  const lines = block.filter((line) => !line.startsWith('@schema '));
  const start = Math.max(0, lines.findIndex((line) => line.startsWith('-- ')));
  const description = lines.slice(start).join(' ').replace(/^-- /, '');
  return { description, schema: annotation === undefined ? {} : limitsOf(annotation, path) };
}

function limitsOf(annotation: string, path: string): Tree {
  if (/^\w+$/.test(annotation)) return { $ref: `#/definitions/${annotation}` };
  try {
    return JSON.parse(annotation) as Tree;
  } catch (cause) {
    throw new Error(`${path}: what follows @schema is neither the name of a definition nor JSON`, { cause });
  }
}
