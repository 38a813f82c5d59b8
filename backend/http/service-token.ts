/** Lets agents, scanners and the operator in by the service token, before a body is read. */
import type { FastifyRequest } from 'fastify';
import type { Readiness } from '../domain/readiness.ts';
import type { ServiceGate } from '../domain/service-gate.ts';
import type { Refusal, Verdict } from '../domain/service-tokens.ts';
import type { Metrics } from '../metrics.ts';
import { HttpProblem } from './problems.ts';
import { addressOf } from './scope.ts';

export interface ServiceTokenDeps {
  readonly gate: ServiceGate;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

/** For routes of agent and scanner: the token is in `X-Service-Token`. */
export function requireServiceToken(deps: ServiceTokenDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    demandStarted(deps);
    demand(deps, await deps.gate.admit(tokenFromHeader(request), addressOf(request.socket)));
  };
}

/** For the operator's questions: judged in the same way, but not booked as uses or refusals. */
export function requireServiceTokenOfOnlooker(deps: ServiceTokenDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    demandStarted(deps);
    demand(deps, await deps.gate.probe(tokenFromHeader(request)));
  };
}

/** Returns the id of the token in the URL, or the HTTP status that refuses it. */
export async function admitOnWebSocket(
  deps: Omit<ServiceTokenDeps, 'readiness'>,
  url: string,
  address: string,
): Promise<{ readonly tokenId: string } | 403> {
  const verdict = await deps.gate.admit(tokenFromUrl(url), address);
  if (verdict.accepted) return { tokenId: verdict.id };
  deps.metrics.refused.inc({ reason: verdict.refusal.reason });
  return 403;
}

/** Taken as it stands: clients put the token into the URL unescaped, and a `+` must not become a space. */
export function tokenFromUrl(url: string): string | undefined {
  const raw = /[?&]token=([^&#]*)/.exec(url)?.[1];
  if (raw === undefined) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function tokenFromHeader(request: FastifyRequest): string | undefined {
  const header = request.headers['x-service-token'];
  return Array.isArray(header) ? header.join() : header;
}

/** Before the first complete read nobody can be refused rightly. */
export function demandStarted({ readiness }: Pick<ServiceTokenDeps, 'readiness'>): void {
  if (!readiness.started) throw new HttpProblem(503, `Not ready: ${readiness.reasons.join('; ')}. Try again soon`);
}

function demand({ metrics }: ServiceTokenDeps, verdict: Verdict): void {
  if (verdict.accepted) return;
  metrics.refused.inc({ reason: verdict.refusal.reason });
  throw new HttpProblem(401, sentence(verdict.refusal));
}

function sentence(refusal: Refusal): string {
  if (refusal.reason === 'missing') {
    return 'Missing service token: send it in the header X-Service-Token (on the WebSocket as ?token=)';
  }
  if (refusal.reason === 'retired') {
    return `Retired service token: it was retired at ${refusal.retiredAt}; restart the pod so that it reads the present one`;
  }
  return 'Unknown service token: it is not the one in the bootstrap Secret; restart the pod if the Secret was changed';
}
