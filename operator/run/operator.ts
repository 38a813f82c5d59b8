/** Puts the operator together from its parts and runs it until it is told to stop. */
import { nanoid } from 'nanoid';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { startHealth } from '../../shared/health.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import type { Logger } from '../../shared/log.ts';
import type { Config } from '../config.ts';
import { ClusterView, type Scope } from '../observe/cluster-view.ts';
import { Lease, leaseTimes } from './lease.ts';
import { Metrics } from './metrics.ts';
import { ReleaseLoops } from './release-loops.ts';

const fieldManager = 'kure-bootstrap';

/** Calls under way: so many releases changed at once share a few connections, and telling people never fills them. */
const concurrency = { acting: 16, telling: 4 };

/** Milliseconds without a pass after which the kubelet should restart us; a pass is due every minute. */
const maxPassAgeMs = 300_000;

/** A warm standby until it holds the Lease: it watches, is ready, and writes nothing. */
export async function runOperator(config: Config, log: Logger, signal: AbortSignal): Promise<void> {
  const clock = systemClock;
  const connection = await connect();
  const namespace = config.namespace ?? connection.namespace;
  const lease = new Lease({
    client: new KubeClient(connection, fieldManager),
    namespace,
    name: config.lease,
    release: config.release.name,
    identity: `${config.instance}_${nanoid()}`,
    times: leaseTimes(config.leaseDurationMs),
    clock,
    log,
    onChange: (isHeld) => loops.lead(isHeld),
  });
  const writableForMs = () => lease.heldForMs();
  const client = new KubeClient(connection, fieldManager, { concurrency: concurrency.acting, writableForMs });
  const telling = new KubeClient(connection, fieldManager, { concurrency: concurrency.telling, writableForMs });
  const cluster = new ClusterView({ client, scope: scopeOf(config, namespace), clock, log, onChange: (release) => loops.note(release) });
  const metrics = new Metrics({ clock, stats: () => cluster.stats(), isLeader: () => lease.isHeld() });
  const loops = new ReleaseLoops({ ...config, cluster, client, telling, clock, log, metrics });
  const health = await startHealth({
    port: config.port,
    whyNotLive: () => whyNotLive(loops, clock),
    whyNotReady: () => (cluster.isReady ? undefined : 'the first lists are not complete'),
    metrics: metrics.registry,
  });
  log.info({ scope: config.scope, namespace, release: config.release.name, port: config.port }, 'operator started');

  await Promise.race([cluster.start(), aborted(signal)]);
  await lease.run(signal);
  await loops.stop();
  // After the last write, so that the next one never writes beside us.
  await lease.release().catch((error: unknown) => log.warn({ err: error }, 'the Lease was not released: it expires by itself'));
  health.closeAllConnections();
  health.close();
  await cluster.stop();
  log.info({}, 'operator stopped');
}

function scopeOf({ scope, release }: Config, namespace: string): Scope {
  return scope === 'cluster' ? { kind: 'cluster' } : { kind: 'release', release: { ...release, namespace } };
}

function whyNotLive({ oldestPass }: ReleaseLoops, clock: Clock): string | undefined {
  const isLate = oldestPass !== undefined && clock.now() - oldestPass >= maxPassAgeMs;
  return isLate ? 'a release had no pass for five minutes' : undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
