/** What the API server did, from its own log: the same witness for all, with times in microseconds. */
import { statSync } from 'node:fs';
import { readAudit, type AuditEvent } from '../testbed/audit.ts';

export class Audit {
  readonly #file: string;
  #offset: number;

  /** Begins here: what was before is not read. */
  constructor(file: string) {
    this.#file = file;
    this.#offset = statSync(file).size;
  }

  /** What was answered since the last call. */
  async next(): Promise<AuditEvent[]> {
    const { events, offset } = await readAudit(this.#offset, undefined, this.#file);
    this.#offset = offset;
    return events;
  }
}

/** When it was answered: milliseconds since the epoch, with three more digits. */
export const answeredAt = ({ stageTimestamp }: AuditEvent): number => preciseMs(stageTimestamp);

/** When it came in, in the same way. */
export const receivedAt = ({ requestReceivedTimestamp }: AuditEvent): number => preciseMs(requestReceivedTimestamp);

function preciseMs(timestamp: string): number {
  const [, whole = '', fraction = '0'] = /^(.*)\.(\d+)Z$/.exec(timestamp) ?? [];
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000;
}

export const hasSucceeded = ({ responseStatus, stage }: AuditEvent): boolean =>
  stage === 'ResponseComplete' && responseStatus !== undefined && responseStatus.code < 300;

/** `namespace/resource/name` of what a request was about. */
export const subjectOf = ({ objectRef }: AuditEvent): string =>
  [objectRef?.namespace, objectRef?.resource, objectRef?.name].join('/');
