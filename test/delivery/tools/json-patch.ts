/** From one object to another, as RFC 6902 says it; lists as a whole. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from './drift.ts';

interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

export function jsonPatch(from: Json, to: Json, at = ''): Operation[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => change(from[key], to[key], `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

function change(before: unknown, after: unknown, path: string): Operation[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (after === undefined) return [{ op: 'remove', path }];
  if (before === undefined) return [{ op: 'add', path, value: after }];
  if (isMap(before) && isMap(after)) return jsonPatch(before, after, path);
  return [{ op: 'replace', path, value: after }];
}

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
