/** The last lines of containers that crashed, as the agent has sent them: compressed, one block for each container. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FailureLogs } from '../../shared/contract/pods.ts';

export interface ContainerLog {
  readonly container: string;
  readonly text: string;
}

/** Agents send up to 256 KiB; a block that unpacks to more is none of theirs. */
const mostBytes = 1024 * 1024;
const unpack = promisify(gunzip);

/** Of a container: the one before it was started again, or the last one. */
export type Run = 'previous' | 'current';

/** Without what cannot be read. Where only the other run was captured, it is that one. */
export async function readCapturedLogs(logs: FailureLogs | null, run: Run = 'previous'): Promise<ContainerLog[]> {
  const containers = Object.entries(logs?.containers ?? {});
  const read = await Promise.all(containers.map(async ([container, blocks]) => ({ container, text: await readBlock(blocks, run) })));
  return read.filter(({ text }) => text !== '');
}

/** Not where the agent has sent no more than the reason why there are none. */
export const hasCapturedLogs = (logs: FailureLogs | null): boolean =>
  Object.values(logs?.containers ?? {}).some((blocks) => dataOf(blocks, 'previous') !== undefined);

type Blocks = { readonly [Of in Run]?: { readonly data?: unknown } | null };

function dataOf(given: unknown, run: Run): string | undefined {
  const blocks = (given ?? {}) as Blocks;
  const data = (blocks[run] ?? blocks.previous ?? blocks.current)?.data;
  return typeof data === 'string' && data !== '' ? data : undefined;
}

async function readBlock(blocks: unknown, run: Run): Promise<string> {
  const data = dataOf(blocks, run);
  if (data === undefined) return '';
  return unpack(Buffer.from(data, 'base64'), { maxOutputLength: mostBytes }).then(String, () => '');
}
