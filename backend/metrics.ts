/** What `/metrics` shows: upstream's names where upstream has one, `kure_bootstrap_` for our own. */
import { Counter, Gauge, Registry, Summary } from '@prometheus-io/client';
import { ClientCounter } from './client-counter.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    podFailures: new ClientCounter({
      name: 'kure_pod_failures_total',
      help: 'Pod failures reported by agents',
      labelNames: ['namespace', 'reason'],
      registers,
    }),
    findings: new ClientCounter({
      name: 'kure_security_findings_total',
      help: 'Security findings reported by scanners',
      labelNames: ['severity'],
      registers,
    }),
    scanSeconds: new Gauge({
      name: 'kure_security_scan_duration_seconds',
      help: 'Duration of the last complete security scan',
      registers,
    }),
    llmRequests: new Counter({
      name: 'kure_llm_requests_total',
      help: 'Questions to language models',
      labelNames: ['provider', 'status'],
      registers,
    }),
    llmSeconds: new Summary({
      name: 'kure_llm_request_duration_seconds',
      help: 'How long language models took',
      labelNames: ['provider'],
      percentiles: [],
      registers,
    }),
    webSockets: new Gauge({
      name: 'kure_websocket_connections_active',
      help: 'Open WebSocket connections',
      registers,
    }),
    databaseUses: new Counter({
      name: 'kure_database_queries_total',
      help: 'Reads and transactions of the database',
      registers,
    }),
    refused: new Counter({
      name: 'kure_bootstrap_refused_requests_total',
      help: 'Requests refused for their service token',
      labelNames: ['reason'],
      registers,
    }),
    accepted: new Gauge({
      name: 'kure_bootstrap_accepted_tokens',
      help: 'Service tokens accepted at the moment; more than one while a rotation is under way',
      registers,
    }),
    notifications: new Counter({
      name: 'kure_bootstrap_notifications_total',
      help: 'Messages to the channels that admins have set',
      labelNames: ['outcome'],
      registers,
    }),
    secretReads: new Counter({
      name: 'kure_bootstrap_secret_reads_total',
      help: 'Direct reads of the two Secrets before an unknown token is refused',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
