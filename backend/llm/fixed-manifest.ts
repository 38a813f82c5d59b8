/** The manifest in a model's answer, if it is one that may be shown as a proposal. */
import { diffArrays } from 'diff';
import type { FixLine } from '../../shared/contract/security.ts';
import { parseManifest, writeManifest } from './manifest.ts';

export interface Proposal {
  readonly manifest: string;
  readonly explanation: string;
}

/** undefined where there is none, or it is of another object than the original. */
export function proposalIn(answer: string, original: string): Proposal | undefined {
  const found = /```ya?ml[ \t]*\r?\n(.*?)\r?\n[ \t]*```/s.exec(answer);
  const manifest = parseManifest(found?.[1] ?? '');
  if (!found || !manifest || nameOf(manifest) !== nameOf(parseManifest(original))) return undefined;
  return { manifest: writeManifest(manifest), explanation: answer.slice(found.index + found[0].length).trim() };
}

export function diffOf(original: string, fixed: string): FixLine[] {
  return diffArrays(linesOf(original), linesOf(fixed)).flatMap(({ value, added, removed }) => {
    const type = added ? 'added' : removed ? 'removed' : 'unchanged';
    return value.map((content) => ({ content, type }) as const);
  });
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

const nameOf = (manifest: ReturnType<typeof parseManifest>): string =>
  JSON.stringify([manifest?.['kind'], (manifest?.['metadata'] as { name?: unknown } | undefined)?.name]);
