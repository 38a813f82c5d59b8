/**
 * Logs and manifests of failing pods, from what agents have sent. The cluster is not asked: that would take the right to
 * read the logs of all pods, and show whoever may view failures what is in any of them.
 */
import type { PodLogs, PodManifest, PodName } from '../../shared/contract/pods.ts';
import { readCapturedLogs, type Run } from '../llm/captured-logs.ts';
import type { PodFailureStore } from '../store/store.ts';
import { Declined } from './declined.ts';

export interface LogsWanted {
  readonly container: string | undefined;
  readonly run: Run;
  /** The last ones. */
  readonly lines: number;
}

type Failures = Pick<PodFailureStore, 'newestOf' | 'capturedLogs'>;

/** Both throw Declined. */
export async function storedManifest(failures: Failures, pod: PodName): Promise<PodManifest> {
  const { pod_name, namespace, manifest } = await known(failures, pod);
  if (manifest === '') throw new Declined('missing', 'The agent has sent no manifest of this pod');
  return { pod_name, namespace, manifest };
}

export async function storedLogs(failures: Failures, pod: PodName, { container, run, lines }: LogsWanted): Promise<PodLogs> {
  const failure = await known(failures, pod);
  const { pod_name, namespace } = failure;
  const captured = await readCapturedLogs(await failures.capturedLogs(failure.id), run);
  const containers = [...new Set([...failure.container_statuses.map(({ name }) => name), ...captured.map((log) => log.container)])];
  if (container !== undefined && !containers.includes(container)) {
    throw new Declined('invalid', `The pod has no container ${container}; it has ${containers.join(', ')}`);
  }
  // What came as plain text is of the container that fails, and the agent does not say which one that is.
  const found = captured.find((log) => container === undefined || log.container === container);
  const text = found?.text ?? (captured.length === 0 ? failure.logs : '');
  return {
    pod_name,
    namespace,
    container: found?.container ?? container ?? containers[0] ?? '',
    containers,
    logs: text.split('\n').slice(-lines).join('\n'),
    tail_lines: lines,
    previous: run === 'previous',
  };
}

async function known(failures: Failures, pod: PodName) {
  const failure = await failures.newestOf(pod);
  if (!failure) throw new Declined('missing', 'No failure of this pod is known: logs and manifests are those that agents report');
  return failure;
}
