/** What the documents name exists, and what must be documented is. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { phases } from '../../shared/contract/phases.ts';
import { isTree } from '../../scripts/chart-values/read.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const documents = ['README.md', 'chart/README.md', ...globSync('docs/**/*.md', { cwd: root })].map((path) => ({ path, text: read(path) }));
const architecture = read('docs/architecture.md');
const operations = read('docs/operations.md');

const manifest = JSON.parse(read('package.json')) as Record<'scripts' | 'dependencies' | 'devDependencies', Record<string, string>>;
const values = load(read('chart/values.yaml'));
const gone = Object.keys(load(read('chart/files/gone.yaml')) as object);
const folders = new Set(readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])));
const generated = new Set(['dist', 'data', 'node_modules', '.git']);

/** The first groups of all matches, in order, each once. */
const all = (pattern: RegExp, text: string): string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];

const withoutBlocks = (text: string): string => text.replace(/^(```[^]*?^```|(?: {4}).*)$/gm, '');
const codeSpans = (text: string): string[] => all(/`([^`\n]+)`/g, withoutBlocks(text));

/** A folder of ours with something behind it, or any name with a slash that ends like a file of ours. */
function looksLikePath(span: string): boolean {
  if (!/^[\w.*-]+(\/[\w.*-]+)*\/?$/.test(span.replace(/^\.\//, '')) || !span.includes('/')) return false;
  const [first = ''] = span.replace(/^\.\//, '').split('/');
  if (generated.has(first)) return false;
  return folders.has(first) || /\.(ts|md|json|ya?ml|tpl)$/.test(span);
}

/** From the heading to the next one of the same level or above. */
function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const after = text.split(`\n${heading}\n`)[1];
  if (after === undefined) throw new Error(`there is no section "${heading}"`);
  return after.split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
}

/** The names in the first cells of the tables. */
const firstCells = (text: string): string[] =>
  all(/^\| (`[^|]+) \|/gm, text).flatMap((cell) => codeSpans(cell)).toSorted();

/** `a.b` or `a.b=c`, where `a` is a value of the chart. */
function isUnknownValue(span: string): boolean {
  const [, path = ''] = /^([a-zA-Z]+(?:\.[a-zA-Z]+)+)(?:=.*)?$/.exec(span) ?? [];
  const [first = '', ...rest] = path.split('.');
  if (!isTree(values) || !(first in values) || gone.includes(path) || folders.has(span)) return false;
  return rest.reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), values[first]) === undefined;
}

const slugOf = (heading: string): string =>
  heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-');

describe.each(documents)('$path', ({ path, text }) => {
  it('names only paths that exist', () => {
    const missing = codeSpans(text).filter((span) => looksLikePath(span) && globSync(span, { cwd: root }).length === 0);
    expect(missing).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const unknown = all(/npm run (?:--silent )?([\w:-]+)/g, text).filter((name) => !(name in manifest.scripts));
    const missing = all(/(?<![\w/-])(?:\.\/)?scripts\/([\w.-]*\w)/g, text).filter((name) => !existsSync(join(root, 'scripts', name)));
    expect([...unknown, ...missing]).toEqual([]);
  });

  it('names only values that the chart has', () => {
    const set = all(/--set(?:-string|-json)?[= ]'?([a-zA-Z.]+)=/g, text);
    expect([...codeSpans(text), ...set].filter(isUnknownValue)).toEqual([]);
  });

  it('links only to what is there', () => {
    const links = all(/\]\(([^)\s]+)\)/g, text).filter((link) => !/^[a-z]+:/.test(link));
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !all(/^#+ (.+)$/gm, read(target)).map(slugOf).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('says the truth about the loop: it fits on one screen', () => {
    expect(architecture).toContain('`operator/run/controller.ts`, under 60 lines');
    expect(read('operator/run/controller.ts').trimEnd().split('\n').length).toBeLessThan(60);
  });

  it('justifies every dependency, and no other', () => {
    const dependencies = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].toSorted();
    expect(firstCells(section(architecture, '## Dependencies'))).toEqual(dependencies);
  });
});

describe('docs/operations.md', () => {
  it('explains every phase', () => {
    expect(firstCells(section(operations, '## Watch'))).toEqual(expect.arrayContaining([...phases]));
  });

  it('explains every Event, and no other', () => {
    const [, reasons = ''] = /readonly reason:\n([^;]*);/.exec(read('operator/model/action.ts')) ?? [];
    const [, remarkable = ''] = /remarkable: .*\(\[(.*)\]\)/.exec(read('operator/act/announcements.ts')) ?? [];
    const told = all(/'(\w+)'/g, reasons + remarkable);
    expect(told.length).toBeGreaterThan(15);
    const table = section(operations, '## Watch').split('| reason | type | meaning |')[1] ?? '';
    expect(firstCells(table)).toEqual(told.toSorted());
  });

  it.each([
    ['### Operator', ['operator/config.ts']],
    ['### Backend', ['backend/config.ts']],
    ['### Agent and scanner', ['shared/delivery/presenter-settings.ts', 'agent/config.ts', 'scanner/config.ts']],
  ])('lists every setting, and no other: %s', (heading, files) => {
    const settings = files.flatMap((file) => all(/\((?:(?:reader|settings), )?'([A-Z][A-Z_]+)'/g, read(file)));
    expect(settings.length).toBeGreaterThan(5);
    expect(firstCells(section(operations, heading))).toEqual(settings.toSorted());
  });

  it('lists every metric, and no other', () => {
    const own = all(/this\.#(?:gauge|counter)\('(\w+)'/g, read('operator/run/metrics.ts')).map((name) => `kure_bootstrap_${name}`);
    const files = ['backend/metrics.ts', 'backend/kube/watch-metrics.ts', 'shared/delivery/presenter-metrics.ts', 'agent/main.ts', 'scanner/main.ts'];
    const others = files.flatMap((file) => all(/'(kure_\w+)'/g, read(file)));
    expect(own.length).toBeGreaterThan(5);
    expect(firstCells(section(operations, '## Metrics'))).toEqual([...own, ...others].toSorted());
  });
});
