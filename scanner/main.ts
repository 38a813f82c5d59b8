/** Checks the workloads of the cluster and reports what is unsafe. The only file of the scanner that touches the process. */
import { Gauge } from '@prometheus-io/client';
import { systemClock } from '../shared/clock.ts';
import { presenterMetrics } from '../shared/delivery/presenter-metrics.ts';
import { startHealth } from '../shared/health.ts';
import { KubeClient } from '../shared/kube/client.ts';
import { connect } from '../shared/kube/connect.ts';
import { createLogger } from '../shared/log.ts';
import { readConfig } from './config.ts';
import { Scanner } from './scanner.ts';

const stopAsked = new Promise((resolve) => {
  // As PID 1 a process has no default action: without these it would live on until it is killed.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
});

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger('scanner', config.logLevel);
  const client = new KubeClient(await connect(), 'kure-scanner');
  const scanner = new Scanner({ config, client, clock: systemClock, log });
  const metrics = presenterMetrics(scanner.link);
  metrics.registerMetric(
    new Gauge({
      name: 'kure_scanner_resources_with_findings',
      help: 'Resources of which the backend may have findings',
      registers: [],
      collect() {
        this.set(scanner.told.size);
      },
    }),
  );
  scanner.start();
  await startHealth({ port: config.healthPort, whyNotReady: () => scanner.whyNotReady(), metrics });
  log.info({ backend: config.backendUrl }, 'scanner watching');
  const signal = await stopAsked;
  const undelivered = await scanner.stop(config.shutdownGraceMs);
  log.info({ signal, undelivered }, 'scanner stopped');
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    createLogger('scanner').fatal({ err: error }, 'scanner cannot run');
    process.exit(1);
  },
);
