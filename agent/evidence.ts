/** What the API server can say about a failing pod beyond the pod itself. Gathered for a report; never a reason not to send it. */
import type { PodEvent } from '../shared/contract/pods.ts';
import type { KubeClient } from '../shared/kube/client.ts';
import { remedyFor, type Remedy } from '../shared/kube/kube-error.ts';
import { collectionPath, objectPath, type KubeObject } from '../shared/kube/objects.ts';
import { containerStatuses, type Pod } from './pod.ts';

export interface Evidence {
  /** The newest five, oldest first. */
  readonly events: readonly PodEvent[];
  /** The end of the failing container's last lines. */
  readonly logs: string;
  /** Whether all was read that there is to read. */
  readonly isComplete: boolean;
}

interface KubeEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly firstTimestamp?: string | null;
}

const eventCount = 5;
const logLines = 50;
const logBytes = 65_536;
/** The API server counts from the beginning of these lines, and runtimes cut a line at 16 KiB: asked for so much, it cuts nothing. */
const logBytesRead = 1_048_576;
const deadlineMs = 5_000;
const lasting: ReadonlySet<Remedy> = new Set(['missing', 'refused']);

/** `container` is the one that fails, if it is one. */
export async function gatherEvidence(client: KubeClient, pod: Pod, container?: string): Promise<Evidence> {
  const [events, logs] = await Promise.all([
    unlessAway(readEvents(client, pod), []),
    container === undefined ? '' : unlessAway(readLogs(client, pod, container), ''),
  ]);
  return { events: events ?? [], logs: logs ?? '', isComplete: events !== undefined && logs !== undefined };
}

/** What the API server refuses, or does not have, is `nothing`; undefined is what it may still have. */
function unlessAway<T>(reading: Promise<T>, nothing: T): Promise<T | undefined> {
  return reading.catch((error: unknown) => (lasting.has(remedyFor(error)) ? nothing : undefined));
}

async function readEvents(client: KubeClient, { metadata }: Pod): Promise<PodEvent[]> {
  const path = collectionPath('events', metadata.namespace);
  const fieldSelector = `involvedObject.uid=${metadata.uid}`;
  const { items } = await client.get<{ items: KubeEvent[] }>(path, { fieldSelector, limit: 100 }, deadlineMs);
  return newestEvents(items);
}

/** Upstream's backend takes no null in type, reason and message. */
export function newestEvents(events: readonly KubeEvent[]): PodEvent[] {
  return events
    .map(({ type, reason, message, lastTimestamp, eventTime, firstTimestamp }) => ({
      type: type ?? '',
      reason: reason ?? '',
      message: message ?? '',
      timestamp: lastTimestamp ?? eventTime ?? firstTimestamp ?? null,
    }))
    .sort((a, b) => (a.timestamp ?? '').localeCompare(b.timestamp ?? ''))
    .slice(-eventCount);
}

/** Of the run that ended, if the container already runs again or is about to. */
async function readLogs(client: KubeClient, pod: Pod, container: string): Promise<string> {
  const { name, namespace = '' } = pod.metadata;
  const status = containerStatuses(pod).find((candidate) => candidate.name === container);
  const previous = status?.state?.terminated === undefined;
  if (previous && status?.lastState?.terminated === undefined) return '';
  const query = { container, previous, tailLines: logLines, limitBytes: logBytesRead };
  const lines: string[] = [];
  const path = `${objectPath('pods', namespace, name)}/log`;
  for await (const line of client.lines(path, query, deadlineMs, AbortSignal.timeout(deadlineMs))) lines.push(line);
  return endOf(lines.join('\n'));
}

function endOf(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= logBytes ? text : bytes.subarray(-logBytes).toString().replace(/^\uFFFD+/, '');
}
