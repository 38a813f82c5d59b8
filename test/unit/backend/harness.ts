/** A backend for tests: the real app over a real database, with a clock that can be moved. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildApp } from '../../../backend/app.ts';
import type { BuiltDashboard } from '../../../backend/built-dashboard.ts';
import { createAttest } from '../../../backend/domain/attest.ts';
import { EncryptionKeys } from '../../../backend/domain/encryption-keys.ts';
import { LiveFeed } from '../../../backend/domain/live-feed.ts';
import { NotificationSettings } from '../../../backend/domain/notification-settings.ts';
import { Notifier } from '../../../backend/domain/notifier.ts';
import { Readiness } from '../../../backend/domain/readiness.ts';
import { Reencryption } from '../../../backend/domain/reencryption.ts';
import { Retention } from '../../../backend/domain/retention.ts';
import { SecondLook } from '../../../backend/domain/second-look.ts';
import { ServiceGate } from '../../../backend/domain/service-gate.ts';
import { ServiceTokens } from '../../../backend/domain/service-tokens.ts';
import { SessionSecret } from '../../../backend/domain/session-secret.ts';
import { UseLedger } from '../../../backend/domain/use-ledger.ts';
import { createExplaining } from '../../../backend/explaining.ts';
import { createMetrics } from '../../../backend/metrics.ts';
import { AllowedAddresses } from '../../../backend/outbound/allowed-addresses.ts';
import { Outbound } from '../../../backend/outbound/outbound.ts';
import { createPeople } from '../../../backend/people.ts';
import { relayMessages } from '../../../backend/relay-messages.ts';
import { openStores } from '../../../backend/store/open-stores.ts';
import { systemClock, type Clock } from '../../../shared/clock.ts';
import { createLogger } from '../../../shared/log.ts';
import { watchStatuses } from './documented.ts';
import { openTestDatabase } from './test-database.ts';

export const tokenA = 'A'.repeat(20) + 'a1b2c3d4e5f6g7h8i9j0klmnopqr';
export const tokenB = 'B'.repeat(20) + 'a1b2c3d4e5f6g7h8i9j0klmnopqr';
export const tokenC = 'C'.repeat(20) + 'a1b2c3d4e5f6g7h8i9j0klmnopqr';

/** Where cleaning up is registered: with the test, unless a whole file shares something. */
type AtEnd = (cleanUp: () => Promise<void>) => void;

export async function temporaryDirectory(atEnd: AtEnd = onTestFinished): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kure-backend-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface BackendOptions {
  /** Holds the database; two backends may share it. */
  readonly directory?: string;
  /** Passes live messages on, where the database is PostgreSQL. */
  readonly isReplica?: boolean;
  readonly atEnd?: AtEnd;
  readonly clock?: Clock;
  readonly trustedProxies?: readonly string[];
  readonly outboundAllow?: readonly string[];
  /** How long a language model may take. */
  readonly llmTimeoutMs?: number;
  /** What the operator says; without it none is followed. */
  readonly rotation?: { readonly document: unknown };
  readonly dashboard?: BuiltDashboard;
  /** What a direct read of the Secrets does; without it there is nothing to read again. */
  readonly readAgain?: (tokens: ServiceTokens) => Promise<void>;
}

/** Accepts token A as generation `gen-a`. */
export async function startBackend(options: BackendOptions = {}) {
  const { readAgain, clock = systemClock, trustedProxies = [], outboundAllow = [], llmTimeoutMs = 10_000, rotation, dashboard, isReplica = false } = options;
  const { atEnd = onTestFinished } = options;
  const directory = options.directory ?? (await temporaryDirectory(atEnd));
  const metrics = createMetrics();
  const { database, dialect, url } = await openTestDatabase(directory, () => metrics.databaseUses.inc(), atEnd);
  const stores = await openStores(database, dialect);
  const tokens = new ServiceTokens();
  const ledger = new UseLedger(clock);
  const readiness = new Readiness();
  const secondLook = readAgain && new SecondLook(() => readAgain(tokens), clock);
  tokens.replace([{ value: tokenA, generation: 'gen-a' }], []);
  const log = createLogger('backend', 'silent');
  const encryptionKeys = new EncryptionKeys(undefined, clock);
  const sessionSecret = new SessionSecret(tokenB);
  const feed = new LiveFeed();
  const people = createPeople(stores, sessionSecret, clock);
  const relay = await relayMessages(isReplica ? url : undefined, { ...stores, feed, sessions: people.sessions, log });
  const reencryption = new Reencryption({ keys: encryptionKeys, store: stores.sealed, clock, log });
  const sealing = { keys: encryptionKeys, reencryption, clock };
  const retention = new Retention({ stores, clock, log });
  const outbound = new Outbound({ allowed: new AllowedAddresses(outboundAllow) });
  const notifications = new NotificationSettings({ store: stores.notificationSettings, outbound, ...sealing });
  const notifier = new Notifier({ settings: notifications, podFailures: stores.podFailures, outbound, metrics, clock, log, retryMs: 1 });
  const app = buildApp({
    stores,
    ...people,
    trustedProxies,
    rotation,
    dashboard,
    feed,
    ...createExplaining({ stores, ...sealing, outbound, feed, metrics, log, timeoutMs: llmTimeoutMs }),
    notifications,
    notifier,
    retention,
    tokens,
    ledger,
    gate: new ServiceGate({ tokens, ledger, secondLook }),
    attest: createAttest({ tokens, ledger, instance: 'test', describeEncryption: () => reencryption.describe(), clock }),
    readiness,
    metrics,
    clock,
    log,
  });
  const undocumented = watchStatuses(app);
  atEnd(async () => {
    await app.close();
    await notifier.stop();
    await reencryption.stop();
    await relay?.stop();
    await stores.close();
    if (undocumented.size > 0) throw new Error(`docs/openapi.json lacks what was answered: ${[...undocumented].join(', ')}`);
  });
  return { app, database, stores, tokens, ledger, readiness, metrics, encryptionKeys, reencryption, sessionSecret, feed, notifier, retention, ...people };
}

export type Backend = Awaited<ReturnType<typeof startBackend>>;

export async function listen({ app }: Backend): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
  return `127.0.0.1:${address.port}`;
}

export const asService = (token: string) => ({ 'x-service-token': token });

export const podReport = (change: Record<string, unknown> = {}) => ({
  pod_name: 'web-1',
  namespace: 'shop',
  node_name: null,
  phase: 'Running',
  creation_timestamp: '2026-11-01T10:00:00+00:00',
  failure_reason: 'CrashLoopBackOff',
  failure_message: 'back-off 5m0s',
  container_statuses: [{ name: 'web', ready: false, restart_count: 7, image: 'web:1', state: 'waiting', reason: null }],
  events: [],
  logs: 'last words',
  manifest: 'kind: Pod',
  ...change,
});

export const findingReport = (change: Record<string, unknown> = {}) => ({
  resource_type: 'Pod',
  resource_name: 'web-1',
  namespace: 'shop',
  severity: 'high',
  category: 'Security',
  title: 'Runs as root: web',
  description: 'The container runs as root',
  remediation: 'Set runAsNonRoot',
  timestamp: '2026-11-01T10:00:00.123456Z',
  manifest: 'kind: Pod',
  ...change,
});
