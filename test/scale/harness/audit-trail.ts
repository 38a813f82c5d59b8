/** The successful writes in the namespaces of a test, by the API server's audit log, in the order it received them. */
import { auditOffset, readAudit, type AuditEvent } from '../../../testbed/audit.ts';

export interface AuditedWrite {
  readonly by: 'operator' | 'other';
  readonly verb: string;
  /** `secrets/<name>`, `pods/<name>/eviction`. */
  readonly what: string;
}

interface Kept extends AuditedWrite {
  readonly at: string;
}

const reads = new Set(['get', 'list', 'watch']);

export class AuditTrail {
  readonly #namespaces = new Map<string, { readonly from: string; readonly kept: Kept[] }>();
  #offset = auditOffset();
  #reading: Promise<void> = Promise.resolve();

  /** Keeps what happens in this namespace from now on. */
  follow(namespace: string): void {
    // As the log writes times, but for the last digits: what another release has left there is not read later.
    const from = new Date().toISOString().slice(0, -1);
    this.#namespaces.set(namespace, { from, kept: [] });
  }

  /** What happened until now; follows no longer. */
  async take(namespace: string): Promise<AuditedWrite[]> {
    this.#reading = this.#reading.then(() => this.#read());
    await this.#reading;
    const { kept = [] } = this.#namespaces.get(namespace) ?? {};
    this.#namespaces.delete(namespace);
    // A request is only sent when the answer it depends on has come: times of receipt keep cause before effect.
    return kept.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  }

  async #read(): Promise<void> {
    const isOurs = (line: string) => !line.includes('"verb":"watch"') && this.#namespaces.has(/"namespace":"([^"]+)"/.exec(line)?.[1] ?? '');
    const { events, offset } = await readAudit(this.#offset, isOurs);
    this.#offset = offset;
    for (const event of events) this.#keep(event);
  }

  #keep({ verb, requestURI, objectRef, responseStatus, requestReceivedTimestamp: at }: AuditEvent): void {
    if (reads.has(verb) || !objectRef || (responseStatus?.code ?? 500) >= 300) return;
    const { resource, name = '', subresource } = objectRef;
    const what = [resource, name, ...(subresource === undefined ? [] : [subresource])].join('/');
    const by = requestURI.includes('fieldManager=kure-bootstrap') ? 'operator' : 'other';
    const followed = this.#namespaces.get(objectRef.namespace ?? '');
    if (followed && at > followed.from) followed.kept.push({ at, by, verb, what });
  }
}
