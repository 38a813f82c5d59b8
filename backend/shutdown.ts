/**
 * The end of a backend in a rolling restart, with no refused and no hanging connection:
 *
 *     unready ──► still serving, "Connection: close" ──► not listening ──► WebSockets closed, requests finished ──► end
 *                 until the endpoints have moved
 */
import type { Clock } from '../shared/clock.ts';
import type { Readiness } from './domain/readiness.ts';
import type { Scope } from './http/scope.ts';

/** A connection that never sends its request must not keep the pod: the kubelet's patience is 30 seconds. */
const finishMs = 15_000;

export interface ShutdownOptions {
  readonly app: Scope;
  readonly readiness: Readiness;
  readonly drainMs: number;
  readonly clock: Clock;
}

export async function shutDown({ app, readiness, drainMs, clock }: ShutdownOptions): Promise<void> {
  readiness.drain();
  await clock.sleep(drainMs);
  await Promise.race([app.close(), clock.sleep(finishMs)]);
}
