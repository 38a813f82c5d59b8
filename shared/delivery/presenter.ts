/** What the programs of agent and scanner have in common: how they start, what they tell of themselves, how they end. */
import { Gauge } from '@prometheus-io/client';
import { systemClock, type Clock } from '../clock.ts';
import { startHealth } from '../health.ts';
import { KubeClient } from '../kube/client.ts';
import { connect } from '../kube/connect.ts';
import type { ReflectorStats } from '../kube/reflector.ts';
import { createLogger, type Logger } from '../log.ts';
import type { BackendLink } from './backend-link.ts';
import { presenterMetrics } from './presenter-metrics.ts';
import type { PresenterSettings } from './presenter-settings.ts';

export interface Presenter {
  readonly link: BackendLink;
  /** Its view of the cluster. */
  readonly pods: { readonly stats: Readonly<ReflectorStats> };
  start(): void;
  /** Resolves with how many messages could not be delivered in this time. */
  stop(graceMs: number): Promise<number>;
  /** A sentence; undefined: it is ready. */
  whyNotReady(): string | undefined;
}

export interface Surroundings<Config> {
  readonly config: Config;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Program<Config, Kind extends Presenter> {
  readonly name: string;
  readonly readConfig: (env: NodeJS.ProcessEnv) => Config;
  readonly make: (surroundings: Surroundings<Config>) => Kind;
  /** What it holds, for Prometheus. */
  readonly gauge: { readonly name: string; readonly help: string; readonly count: (presenter: Kind) => number };
}

/** A watch that is well hears from the API server every five minutes. */
const longestSilenceMs = 900_000;

/** Runs it until the process is told to stop, then ends the process. */
export function runPresenter<Config extends PresenterSettings, Kind extends Presenter>(program: Program<Config, Kind>): void {
  run(program).then(
    () => process.exit(0),
    (error: unknown) => {
      createLogger(program.name).fatal({ err: error }, `${program.name} cannot run`);
      process.exit(1);
    },
  );
}

async function run<Config extends PresenterSettings, Kind extends Presenter>({ name, readConfig, make, gauge }: Program<Config, Kind>): Promise<void> {
  const stopAsked = new Promise((resolve) => {
    // As PID 1 a process has no default action: without these it would live on until it is killed.
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
  });
  const config = readConfig(process.env);
  const log = createLogger(name, config.logLevel);
  const presenter = make({ config, client: new KubeClient(await connect(), `kure-${name}`), clock: systemClock, log });
  const { stats } = presenter.pods;
  const metrics = presenterMetrics(presenter.link, stats);
  metrics.registerMetric(
    new Gauge({
      name: gauge.name,
      help: gauge.help,
      registers: [],
      collect() {
        this.set(gauge.count(presenter));
      },
    }),
  );
  const startedAt = systemClock.now();
  presenter.start();
  await startHealth({
    port: config.healthPort,
    whyNotLive: () => whyNotLive(stats, startedAt, systemClock.now()),
    whyNotReady: () => presenter.whyNotReady(),
    metrics,
  });
  log.info({ backend: config.backendUrl }, `${name} watching`);
  const signal = await stopAsked;
  const undelivered = await presenter.stop(config.shutdownGraceMs);
  log.info({ signal, undelivered }, `${name} stopped`);
}

/** Without the API server it reports nothing, and nobody else would notice. Times in milliseconds since the epoch. */
export function whyNotLive({ lastContactAt }: Readonly<ReflectorStats>, startedAt: number, now: number): string | undefined {
  const isSilent = now - Math.max(lastContactAt, startedAt) >= longestSilenceMs;
  return isSilent ? 'the API server has said nothing for 15 minutes' : undefined;
}
