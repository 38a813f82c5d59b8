/** What the traffic pods counted, and what the backend has kept of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noCounts, type Counts } from '../traffic/counts.ts';
import type { Release } from './release.ts';

export interface Tally {
  readonly sent: number;
  readonly accepted: number;
  /** Refused with 401 or 403. */
  readonly rejected: number;
  /** Any other answer than 200, or none. */
  readonly failed: number;
}

export async function startTraffic(release: Release): Promise<void> {
  await release.kubectl(['apply', '--filename', `${import.meta.dirname}/../traffic/traffic.yaml`]);
  await release.kubectl(['rollout', 'status', 'deployment/traffic', '--timeout=2m']);
}

/** Ends the traffic, so that nothing is under way any more. */
export async function stopTraffic(release: Release): Promise<void> {
  await release.kubectl(['scale', 'deployment/traffic', '--replicas=0']);
  await release.kubectl(['wait', 'pod', '--for=delete', '--selector=app.kubernetes.io/name=traffic', '--timeout=1m']);
}

/** The sum over all traffic pods, ended ones included. */
export async function tally(release: Release): Promise<Tally> {
  const path = `/api/v1/namespaces/${release.namespace}/services/traffic:counts/proxy/counts`;
  const { sum } = JSON.parse(await release.kubectl(['get', '--raw', path])) as { sum: Counts };
  return tallyOf(sum);
}

export function tallyOf({ sent, accepted, rejected, failed, unanswered }: Counts = noCounts): Tally {
  const others = [...Object.values(failed), ...Object.values(unanswered)];
  return { sent, accepted, rejected, failed: others.reduce((total, count) => total + count, 0) };
}

export function difference(after: Tally, before: Tally): Tally {
  return {
    sent: after.sent - before.sent,
    accepted: after.accepted - before.accepted,
    rejected: after.rejected - before.rejected,
    failed: after.failed - before.failed,
  };
}

/** Waits until this many more reports were accepted: the traffic flows. */
export async function waitForAccepted(release: Release, more: number): Promise<void> {
  const wanted = (await tally(release)).accepted + more;
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await tally(release)).accepted >= wanted) return;
    await sleep(200);
  }
  throw new Error(`the backend did not accept ${more} reports within a minute: kubectl logs deployment/traffic`);
}

/** How many of the traffic's reports the backend has: each has a name of its own. */
export async function storedReports(release: Release): Promise<number> {
  const script = `
    const response = await fetch('http://127.0.0.1:8000/api/pods/failed', { headers: { 'x-service-token': process.env.TOKEN } });
    const reports = await response.json();
    console.log(reports.filter(({ namespace }) => namespace === 'traffic').length);`;
  // The token goes through standard input, so that no command line shows it.
  const { data } = await release.get<{ data: Record<string, string> }>('secret', `${release.name}-bootstrap`);
  const token = Buffer.from(data['service-token'] ?? '', 'base64').toString();
  const program = `process.env.TOKEN = ${JSON.stringify(token)};${script}`;
  const args = ['exec', '--stdin', `deployment/${release.name}-backend`, '--', 'node', '--input-type=module', '-'];
  return Number(await release.kubectl(args, { input: program }));
}
