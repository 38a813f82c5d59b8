/** A value that is null, which is how Helm is told to forget a default, and how a key is read that has nothing behind it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isTree, type Tree } from '../../scripts/chart-values/read.ts';
import { everything } from './everything.ts';
import { chart, helms, refusal, render } from './render.ts';

interface Default {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Null says something of its own: the cluster chooses, or the program. */
const choices = new Set(['backend.fsGroup', 'postgresql.runAsUser']);
/** Maps of a person's own: each of their keys may go. */
const open = /\.(resources|labels)\./;

const defaultsOf = (node: Tree, path: readonly string[] = []): Default[] =>
  Object.entries(node).flatMap(([key, value]) => {
    const own = { path: [...path, key], value };
    return isTree(value) ? [own, ...defaultsOf(value, own.path)] : [own];
  });

const isEmpty = (value: unknown): boolean => value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
const isOptional = ({ path, value }: Default): boolean => isEmpty(value) || choices.has(path.join('.')) || open.test(path.join('.'));

const defaults = defaultsOf(load(readFileSync(join(chart, 'values.yaml'), 'utf8')) as Tree);
const isNeeded = (value: Default): boolean => !isOptional(value);
const depths = [...new Set(defaults.filter(isNeeded).map(({ path }) => path.length))];

function withNull(values: Tree, [key = '', ...rest]: readonly string[]): Tree {
  const below = values[key];
  return { ...values, [key]: rest.length === 0 ? null : withNull(isTree(below) ? below : {}, rest) };
}

const nulls = (of: readonly Default[], values: Tree = {}): Tree => of.reduce((all, { path }) => withNull(all, path), values);

/** The paths that a refusal misses. */
function missed(sentence: string): string[] {
  const lines = [...sentence.matchAll(/^ *- at '(.*)': missing propert(?:y|ies) (.*)$/gm)];
  return lines.flatMap(([, parent = '', names = '']) => [...names.matchAll(/'([^']+)'/g)].map(([, name]) => `${parent}/${name}`.slice(1).replaceAll('/', '.')));
}

const objectsOf = (values: object, helm: string) => render({ values, helm }).objects.filter(({ kind }) => kind !== 'Secret');

describe.each(helms)('null by %s', (helm) => {
  it.each(depths)('is refused by name wherever something must be, at depth %i', (depth) => {
    const here = defaults.filter(({ path }) => path.length === depth);
    const sentence = refusal({ values: nulls(here), helm });
    const needed = here.filter(isNeeded).map(({ path }) => path.join('.'));
    expect(needed.length).toBeGreaterThan(5);
    expect(missed(sentence).sort()).toEqual(needed.sort());
    expect(sentence).not.toMatch(/nil pointer|error calling|executing/);
  });

  it('is as good as the default that is empty', () => {
    const empty = defaults.filter(({ value }) => isEmpty(value));
    expect(empty.length).toBeGreaterThan(50);
    for (const values of [{}, everything] as Tree[]) {
      const free = empty.filter(({ path }) => path.reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), values) === undefined);
      expect(objectsOf(nulls(free, values), helm)).toEqual(objectsOf(values, helm));
    }
  });
});
