/** Reports the failing pods of the cluster to the backend. The only file of the agent that touches the process. */
import { Gauge } from '@prometheus-io/client';
import { systemClock } from '../shared/clock.ts';
import { presenterMetrics } from '../shared/delivery/presenter-metrics.ts';
import { startHealth } from '../shared/health.ts';
import { KubeClient } from '../shared/kube/client.ts';
import { connect } from '../shared/kube/connect.ts';
import { createLogger } from '../shared/log.ts';
import { Agent } from './agent.ts';
import { readConfig } from './config.ts';

const stopAsked = new Promise((resolve) => {
  // As PID 1 a process has no default action: without these it would live on until it is killed.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
});

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger('agent', config.logLevel);
  const agent = new Agent({ config, client: new KubeClient(await connect(), 'kure-agent'), clock: systemClock, log });
  const metrics = presenterMetrics(agent.link);
  metrics.registerMetric(
    new Gauge({
      name: 'kure_agent_failing_pods',
      help: 'Pods this agent has reported as failing',
      registers: [],
      collect() {
        this.set(agent.toldCount);
      },
    }),
  );
  agent.start();
  await startHealth({ port: config.healthPort, whyNotReady: () => agent.whyNotReady(), metrics });
  log.info({ backend: config.backendUrl, node: config.nodeName }, 'agent watching');
  const signal = await stopAsked;
  const undelivered = await agent.stop(config.shutdownGraceMs);
  log.info({ signal, undelivered }, 'agent stopped');
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    createLogger('agent').fatal({ err: error }, 'agent cannot run');
    process.exit(1);
  },
);
