/** Starts the backend: settings, store, verifier, app, listen. The only file that touches the process. */
import { hostname } from 'node:os';
import { nanoid } from 'nanoid';
import { systemClock as clock } from '../shared/clock.ts';
import { ConnectionError } from '../shared/kube/connect.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { SettingsError } from '../shared/settings.ts';
import { buildApp } from './app.ts';
import { findDashboard } from './built-dashboard.ts';
import { readConfig, type Config } from './config.ts';
import { createAttest } from './domain/attest.ts';
import { EncryptionKeys } from './domain/encryption-keys.ts';
import { LiveFeed } from './domain/live-feed.ts';
import { NotificationSettings } from './domain/notification-settings.ts';
import { Notifier } from './domain/notifier.ts';
import { Readiness } from './domain/readiness.ts';
import { Reencryption } from './domain/reencryption.ts';
import { Retention } from './domain/retention.ts';
import { SecondLook } from './domain/second-look.ts';
import { ServiceGate } from './domain/service-gate.ts';
import { ServiceTokens } from './domain/service-tokens.ts';
import { SessionSecret } from './domain/session-secret.ts';
import { UseLedger } from './domain/use-ledger.ts';
import { createExplaining } from './explaining.ts';
import { followCluster } from './follow-cluster.ts';
import { createMetrics } from './metrics.ts';
import { openDatabase } from './open-database.ts';
import { AllowedAddresses } from './outbound/allowed-addresses.ts';
import { Outbound } from './outbound/outbound.ts';
import { ownSecrets } from './own-secrets.ts';
import { createPeople } from './people.ts';
import { relayMessages } from './relay-messages.ts';
import { shutDown } from './shutdown.ts';
import { DatabaseError } from './store/database-error.ts';

async function main(config: Config, log: Logger): Promise<void> {
  const signalled = firstSignal();
  for (const warning of config.warnings) log.warn(warning);
  const metrics = createMetrics();
  const stores = await Promise.race([openDatabase(config, { metrics, clock, log }), signalled.then(() => undefined)]);
  if (!stores) return log.info('ended before there was a database');

  const readiness = new Readiness();
  const tokens = new ServiceTokens();
  const ledger = new UseLedger(clock);
  tokens.onReplaced(() => {
    ledger.keepOnly([...tokens.accepted, ...tokens.retired]);
    metrics.accepted.set(tokens.accepted.length);
  });
  const own = await ownSecrets(config, log);
  const sessionSecret = new SessionSecret(own.sessionSecret);
  const encryptionKeys = new EncryptionKeys(own.encryptionKey, clock);
  const reencryption = new Reencryption({ keys: encryptionKeys, store: stores.sealed, clock, log });
  const feed = new LiveFeed();
  const cluster = await followCluster(config, { tokens, sessionSecret, encryptionKeys, feed, readiness, metrics, clock, log });
  if (own.serviceToken !== undefined) tokens.replace([{ value: own.serviceToken, generation: undefined }], []);
  reencryption.look();
  const sealing = { keys: encryptionKeys, reencryption, clock };
  const retention = new Retention({ stores, clock, log });

  const outbound = new Outbound({ allowed: new AllowedAddresses(config.outboundAllow) });
  const notifications = new NotificationSettings({ store: stores.notificationSettings, outbound, ...sealing });
  const notifier = new Notifier({ settings: notifications, podFailures: stores.podFailures, outbound, metrics, clock, log });

  const people = createPeople(stores, sessionSecret, clock);
  const relay = await relayMessages(config.databaseUrl, { ...stores, feed, sessions: people.sessions, log });

  const secondLook = cluster && new SecondLook(() => cluster.secrets.read(), clock);
  const instance = `${config.podName ?? hostname()}-${nanoid(10)}`;
  const app = buildApp({
    stores,
    ...people,
    ...createExplaining({ stores, ...sealing, outbound, feed, metrics, log }),
    notifications,
    notifier,
    retention,
    feed,
    rotation: cluster?.rotation,
    trustedProxies: config.trustedProxies,
    dashboard: findDashboard(),
    tokens,
    ledger,
    gate: new ServiceGate({ tokens, ledger, secondLook }),
    attest: createAttest({ tokens, ledger, instance, describeEncryption: () => reencryption.describe(), clock }),
    readiness,
    metrics,
    clock,
    log,
  });
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : config.port;
  log.info({ url: `http://${config.host || 'localhost'}:${port}`, instance }, 'listening');

  const sweeping = retention.run();

  const signal = await signalled;
  log.info({ signal, drainMs: config.drainMs }, 'draining');
  await shutDown({ app, readiness, drainMs: config.drainMs, clock });
  await notifier.stop();
  await cluster?.stop();
  await reencryption.stop();
  retention.stop();
  await sweeping;
  await relay?.stop();
  await stores.close();
  log.info('ended');
}

/** Resolves with the first signal to end; a second one ends the process at once. As process 1 there is no default. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let ending = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (ending) process.exit(1);
        ending = true;
        resolve(signal);
      });
    }
  });
}

try {
  const config = readConfig(process.env);
  await main(config, createLogger('backend', config.logLevel));
  process.exit(0);
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof ConnectionError || error instanceof DatabaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
