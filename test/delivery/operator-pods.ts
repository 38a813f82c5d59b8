/** Inside the fake pods of the operator: the real program, with the environment of the pod and the rights of its ServiceAccount. */
import type { Connection } from '../../shared/kube/connect.ts';
import { WriteGate } from '../../testbed/write-gate.ts';
import { OperatorProcess, type Settings } from '../scale/harness/operator-process.ts';
import { isTerminating, type PodObject } from '../scale/harness/pod-object.ts';

interface Running {
  readonly gate: WriteGate;
  readonly process: OperatorProcess;
}

export class OperatorPods {
  readonly #connection: Connection;
  readonly #running = new Map<string, Promise<Running>>();
  readonly #ends: Promise<void>[] = [];
  /** The ends of their logs. */
  #said = '';

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  saw(pod: PodObject, isGone: boolean): void {
    const { uid, labels } = pod.metadata;
    if (labels?.['app'] !== 'operator') return;
    const isOver = isGone || isTerminating(pod);
    if (isOver) this.#end(uid);
    else if (pod.status?.podIP !== undefined && !this.#running.has(uid)) this.#running.set(uid, this.#start(pod));
  }

  async said(): Promise<string> {
    const running = await Promise.all(this.#running.values());
    return [this.#said, ...running.map(({ process }) => process.said)].join('\n---\n');
  }

  async stop(): Promise<void> {
    for (const uid of this.#running.keys()) this.#end(uid);
    await Promise.all(this.#ends);
  }

  async #start(pod: PodObject): Promise<Running> {
    const { namespace = '' } = pod.metadata;
    const user = `system:serviceaccount:${namespace}:${pod.spec.serviceAccountName}`;
    const gate = await WriteGate.start(actingAs(this.#connection, user));
    return { gate, process: new OperatorProcess({ server: gate.url, settings: { ...environmentOf(pod), PORT: '0' } }) };
  }

  #end(uid: string): void {
    const running = this.#running.get(uid);
    if (!running) return;
    this.#running.delete(uid);
    this.#ends.push(this.#endProcess(running));
  }

  async #endProcess(running: Promise<Running>): Promise<void> {
    const { gate, process } = await running;
    await process.stop();
    this.#said = `${this.#said}\n---\n${process.said}`;
    await gate.stop();
  }
}

const actingAs = (connection: Connection, user: string): Connection => ({
  ...connection,
  authorize: async () => ({ ...(await connection.authorize()), 'impersonate-user': user }),
});

function environmentOf({ metadata, spec }: PodObject): Settings {
  const fields: Readonly<Record<string, string | undefined>> = { 'metadata.name': metadata.name, 'metadata.namespace': metadata.namespace };
  const variables = spec.containers[0]?.env ?? [];
  return Object.fromEntries(variables.map(({ name, value, valueFrom }) => [name, value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''] ?? '']));
}
