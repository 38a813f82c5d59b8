/** Puts the operator together from its parts and runs it until it is told to stop. */
import { customAlphabet } from 'nanoid';
import { systemClock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { startHealth } from '../../shared/health.ts';
import type { Logger } from '../../shared/log.ts';
import { tellPeople } from '../act/events.ts';
import { execute, noticesOf, type Outcome } from '../act/execute.ts';
import { StatusWriter } from '../act/status.ts';
import type { Config } from '../config.ts';
import { decide } from '../decide/decide.ts';
import type { Draw, Plan } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { ClusterView } from '../observe/cluster-view.ts';
import { gather } from '../observe/gather.ts';
import { run } from './controller.ts';
import { Metrics } from './metrics.ts';
import { Wake } from './wake.ts';

const fieldManager = 'kure-bootstrap';

/** Milliseconds without a pass after which the kubelet should restart us; a pass is due every minute. */
const maxPassAgeMs = 300_000;

const lettersAndDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** nanoid draws from the platform's CSPRNG; 48 characters are 285 bits, as the chart's own values. */
const draw: Draw = {
  name: customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12),
  value: customAlphabet(lettersAndDigits, 48),
};

export async function runOperator(config: Config, log: Logger, signal: AbortSignal): Promise<void> {
  const client = new KubeClient(await connect(), fieldManager);
  const targets = { ...config, client, namespace: config.namespace ?? client.namespace };
  const clock = systemClock;
  const wake = new Wake(clock);
  const cluster = new ClusterView({ ...targets, clock, log, onChange: () => wake.note() });
  const status = new StatusWriter(targets);
  const metrics = new Metrics(() => cluster.stats());
  let passedAt = clock.now();
  const health = await startHealth({
    port: config.port,
    whyNotLive: () => (clock.now() - passedAt < maxPassAgeMs ? undefined : 'no pass for five minutes'),
    whyNotReady: () => (cluster.isReady ? undefined : 'the first lists are not complete'),
    metrics: metrics.registry,
  });
  const { namespace, release } = targets;
  log.info({ namespace, release, port: config.port }, 'operator started');

  const tell = async (snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[]) => {
    passedAt = clock.now();
    metrics.observe(snapshot, plan, outcomes, clock.now());
    for (const outcome of outcomes) report(outcome, log);
    const done = outcomes.filter(({ error }) => error === undefined);
    const writes = done.map(({ action }) => tellPeople(action, { ...targets, instance: config.instance }, clock.now()));
    for (const result of await Promise.allSettled([status.write(snapshot, plan, outcomes, clock.now()), ...writes])) {
      if (result.status === 'rejected') log.warn({ err: result.reason as unknown }, 'could not tell people');
    }
  };

  await Promise.race([cluster.start(), aborted(signal)]);
  const steps = {
    observe: (fresh: boolean) => gather(cluster, fresh),
    decide: (snapshot: Snapshot) => decide(snapshot, clock.now(), draw, config.settings),
    act: (actions: Plan['actions']) => execute(actions, targets, clock.now(), signal),
    tell,
  };
  await run(steps, wake, clock, log, signal);
  health.closeAllConnections();
  health.close();
  await cluster.stop();
  log.info({}, 'operator stopped');
}

function report({ action, error }: Outcome, log: Logger): void {
  if (error === undefined) {
    for (const { reason, message } of noticesOf(action)) log.info({ action: action.kind, reason, what: message }, 'done');
    return;
  }
  // Somebody else wrote first: the next pass decides on what they wrote.
  const level = remedyFor(error) === 'conflict' ? 'debug' : 'warn';
  log[level]({ action: action.kind, err: error }, 'action failed');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
