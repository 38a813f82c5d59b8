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

type Blocks = { readonly [Of in Run]?: { readonly data?: unknown } | null };

async function readBlock(given: unknown, run: Run): Promise<string> {
  const blocks = (given ?? {}) as Blocks;
  const data = (blocks[run] ?? blocks.previous ?? blocks.current)?.data;
  if (typeof data !== 'string') return '';
  return unpack(Buffer.from(data, 'base64'), { maxOutputLength: mostBytes }).then(String, () => '');
}
