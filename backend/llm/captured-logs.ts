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

/** Without what cannot be read. */
export async function readCapturedLogs(logs: FailureLogs | null): Promise<ContainerLog[]> {
  const containers = Object.entries(logs?.containers ?? {});
  const read = await Promise.all(containers.map(async ([container, blocks]) => ({ container, text: await readBlock(blocks) })));
  return read.filter(({ text }) => text !== '');
}

async function readBlock(blocks: unknown): Promise<string> {
  const { previous, current } = (blocks ?? {}) as { previous?: { data?: unknown } | null; current?: { data?: unknown } | null };
  const data = (previous ?? current)?.data;
  if (typeof data !== 'string') return '';
  return unpack(Buffer.from(data, 'base64'), { maxOutputLength: mostBytes }).then(String, () => '');
}
