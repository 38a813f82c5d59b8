/** scripts/demo: the main job, on a real cluster, under live traffic, with a counted result. */
import { styleText } from 'node:util';
import { Command } from 'commander';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { withLock } from '../lock.ts';
import { rotateByHand } from './by-hand.ts';
import { prepareTestBed, testBedTools, toolsOf } from './cluster-tools.ts';
import { difference, startTraffic, stopTraffic, storedReports, tally, waitForAccepted, type Tally } from './counts.ts';
import { narrator } from './narrate.ts';
import { Release, type Tools } from './release.ts';
import { measureRotation, type Measured } from './rotation.ts';

const say = (text: string): void => console.log(`\n${styleText('bold', text)}`);

const withTraffic = ['--set', 'operator.extraWorkloads={deployment/traffic}'];

/** The procedure without the operator, for comparison; returns what the traffic counted. */
async function byHand(tools: Tools): Promise<{ seconds: number; tally: Tally }> {
  say('By hand: kubectl edit secret, then kubectl rollout restart (no operator)');
  const release = new Release('kure-by-hand', tools);
  await release.install(['--set', 'operator.enabled=false']);
  await startTraffic(release);
  await waitForAccepted(release, 50);
  const before = await tally(release);
  const seconds = await rotateByHand(release);
  await waitForAccepted(release, 50);
  const counted = difference(await tally(release), before);
  await release.remove();
  console.log(`  ${counted.rejected} of ${counted.sent} reports rejected in ${seconds.toFixed(0)} s`);
  return { seconds, tally: counted };
}

async function withOperator(client: KubeClient, release: Release, key: string): Promise<Measured> {
  say(`With the operator: kubectl edit secret ${release.name}-bootstrap -n ${release.namespace}   (${key})`);
  return measureRotation(client, release, [key], { onStatus: narrator(console.log) });
}

function summary(rows: readonly { name: string; seconds: number; tally: Tally }[]): void {
  console.log(`\n  ${'rotation'.padEnd(34)}${['seconds', 'sent', 'rejected', 'failed'].map((it) => it.padStart(10)).join('')}`);
  for (const { name, seconds, tally } of rows) {
    const cells = [seconds.toFixed(1), tally.sent, tally.rejected, tally.failed];
    const causes = Object.entries(tally.causes).map(([cause, count]) => `  ${cause} ${count}`);
    console.log(`  ${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(10)).join('')}${causes.join('')}`);
  }
}

function restartLine({ restarts }: Measured): string {
  const restarted = Object.entries(restarts).filter(([, count]) => count > 0);
  const untouched = Object.entries(restarts).filter(([, count]) => count === 0);
  const names = restarted.map(([id, count]) => `${id} ${count}`).join(', ');
  return `${names}; none: ${untouched.map(([id]) => id).join(', ')}`;
}

interface Options {
  readonly context?: string;
  readonly byHand: boolean;
}

/** Two at once would delete each other's release. */
async function alone(options: Options): Promise<boolean> {
  await prepareTestBed();
  return withLock('/run/kure-bootstrap-demo.lock', () => demo(options, testBedTools()), () => say('Waiting for another demo on this machine to end'));
}

async function demo(options: Options, tools: Tools): Promise<boolean> {
  const compared = options.byHand ? await byHand(tools) : undefined;

  const release = new Release('kure-system', tools);
  say(`helm install ${release.name} ./chart -n ${release.namespace}`);
  await release.install(withTraffic);
  await startTraffic(release);
  console.log('  ready; 50 reports a second through the Service, without any retry');

  const client = new KubeClient(await connect(options), 'kure-bootstrap-demo');
  const token = await withOperator(client, release, 'service-token');
  const session = await withOperator(client, release, 'session-secret');
  const total = await stopTraffic(release);
  const lost = Math.max(0, total.accepted - (await storedReports(release))); // it may also have some that failed

  say('Result');
  summary([
    ...(compared ? [{ name: 'service-token by hand', ...compared }] : []),
    { name: 'service-token with the operator', ...token },
    { name: 'session-secret with the operator', ...session },
  ]);
  console.log(`\n  restarts, service-token:  ${restartLine(token)}`);
  console.log(`  restarts, session-secret: ${restartLine(session)}`);
  console.log(`  accepted by the backend and not found in it afterwards: ${lost} of ${total.accepted}`);
  printWhatNext(release, tools);
  return total.rejected === 0 && total.failed === 0 && lost === 0;
}

function printWhatNext({ name, namespace }: Release, { env, context }: Tools): void {
  const kubectl = context === undefined ? 'kubectl' : `kubectl --context ${context}`;
  const kubeconfig = env['KUBECONFIG'] === undefined ? [] : [`export KUBECONFIG=${env['KUBECONFIG']}   # and kubectl of your own`];
  const lines = [
    ...kubeconfig,
    `${kubectl} -n ${namespace} get pods,events`,
    `${kubectl} -n ${namespace} get configmap ${name}-rotation -o yaml`,
    `${kubectl} -n ${namespace} port-forward service/${name}-backend 8000   # the API: http://127.0.0.1:8000/health`,
    `${kubectl} delete namespace ${namespace}   # the demo`,
    ...(context === undefined ? ['npm run cluster -- down   # the whole cluster'] : []),
  ];
  say('Look around, and tear down');
  for (const line of lines) console.log(`  ${line}`);
}

const program = new Command('scripts/demo')
  .description('Rotates both credentials of Kure Monitor under live traffic and counts what is rejected or lost.')
  .option('--context <name>', "use this context of your kubeconfig instead of a cluster of the demo's own")
  .option('--no-by-hand', 'leave out the comparison with the procedure by hand')
  .addHelpText('after', '\nExample:\n  scripts/demo\n\nExit codes: 0 nothing was rejected or lost, 1 something was, or the demo could not run.')
  .action(async (options: Options) => {
    const startedAt = Date.now();
    const isGood = await (options.context === undefined ? alone(options) : demo(options, toolsOf(options.context)));
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    say(isGood ? `0 rejected, 0 lost, in ${seconds} s` : 'Something was rejected or lost: see the table');
    process.exitCode = isGood ? 0 : 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(`demo: ${(error as Error).message}`);
  process.exitCode = 1;
}
