/** Reads the lists that live messages change. */
import type { PodFailure } from '../../shared/contract/pods.ts';
import type { Finding } from '../../shared/contract/security.ts';
import { findingPaths, podPaths, type FindingView, type PodView } from './keys.ts';
import { findingsAfter, podsAfter, type LiveMessage } from './merge.ts';
import { get } from './request.ts';

/** What was said since each list that is being read was asked for: the answer may be older. */
const readings = new Set<LiveMessage[]>();

export const readPods = (view: PodView) => read<PodFailure>(podPaths[view], (list, said) => podsAfter(list, view, said));
export const readFindings = (view: FindingView) => read<Finding>(findingPaths[view], (list, said) => findingsAfter(list, view, said));

async function read<T>(path: string, after: (list: readonly T[], said: readonly LiveMessage[]) => readonly T[]): Promise<readonly T[]> {
  const said: LiveMessage[] = [];
  readings.add(said);
  try {
    return after(await get<T[]>(path), said);
  } finally {
    readings.delete(said);
  }
}

export function hear(messages: readonly LiveMessage[]): void {
  for (const said of readings) said.push(...messages);
}
