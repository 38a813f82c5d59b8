/** What the traffic pods counted, and what the backend has kept of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts } from '../traffic/counts.ts';
import type { Row } from '../traffic/counts-store.ts';
import type { Release } from './release.ts';

export interface Tally {
  readonly sent: number;
  readonly accepted: number;
  /** Refused with 401 or 403. */
  readonly rejected: number;
  /** Any other answer than 200, or none. */
  readonly failed: number;
  /** What the failures were, by status or network error. */
  readonly causes: Readonly<Record<string, number>>;
}

export async function startTraffic(release: Release): Promise<void> {
  await release.kubectl(['apply', '--filename', `${import.meta.dirname}/../traffic/traffic.yaml`]);
  await release.kubectl(['rollout', 'status', 'deployment/traffic', '--timeout=2m']);
}

/** The sum over all traffic pods, ended ones included, when all that was sent until now has its outcome: what hangs counts as failed. */
export async function tally(release: Release): Promise<Tally> {
  const sent = new Map((await readCounts(release)).pods.map((row) => [row.pod, row.sent]));
  return until('the reports under way to be answered or given up', async () => {
    const { sum, pods } = await readCounts(release);
    return pods.every(({ pod, settled }) => settled >= (sent.get(pod) ?? 0)) ? tallyOf(sum) : undefined;
  });
}

/** Ends the traffic and resolves with the last counts, when nothing is under way any more. */
export async function stopTraffic(release: Release): Promise<Tally> {
  await release.kubectl(['set', 'env', 'deployment/traffic', 'RATE=0']);
  await release.kubectl(['rollout', 'status', 'deployment/traffic', '--timeout=2m']);
  return until('the traffic pods to end', async () => {
    const { sum, pods } = await readCounts(release);
    return pods.slice(0, -1).every(({ finished }) => finished) ? tallyOf(sum) : undefined;
  });
}

/** Waits until this many more reports were accepted: the traffic flows. */
export async function waitForAccepted(release: Release, more: number): Promise<void> {
  const accepted = async () => (await readCounts(release)).sum.accepted;
  const wanted = (await accepted()) + more;
  await until(`the backend to accept ${more} reports`, async () => ((await accepted()) >= wanted ? true : undefined));
}

/** As a traffic pod that is ready shows it. While the machine is too busy for its probe none is. */
function readCounts(release: Release): Promise<{ sum: Counts; pods: readonly Row[] }> {
  const path = `/api/v1/namespaces/${release.namespace}/services/traffic:counts/proxy/counts`;
  return until('a traffic pod that is ready', async () => {
    const answer = await release.kubectl(['get', '--raw', path]).catch((error: Error) => {
      if (!error.message.includes('no endpoints available for service')) throw error;
    });
    return answer === undefined ? undefined : (JSON.parse(answer) as { sum: Counts; pods: readonly Row[] });
  });
}

const patienceMs = 300_000;

/** Asks until there is an answer. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s for ${what}; see kubectl logs deployment/traffic`);
    await sleep(200);
  }
}

function tallyOf({ sent, accepted, rejected, failed, unanswered }: Counts): Tally {
  const causes = { ...failed, ...unanswered };
  return { sent, accepted, rejected, failed: Object.values(causes).reduce((total, count) => total + count, 0), causes };
}

export function difference(after: Tally, before: Tally): Tally {
  const causes = Object.entries(after.causes).map(([cause, count]) => [cause, count - (before.causes[cause] ?? 0)] as const);
  return {
    sent: after.sent - before.sent,
    accepted: after.accepted - before.accepted,
    rejected: after.rejected - before.rejected,
    failed: after.failed - before.failed,
    causes: Object.fromEntries(causes.filter(([, count]) => count > 0)),
  };
}

/** One row with `reports`: how many of the traffic's reports a backend's database has. Each report has a name of its own. */
export const countOfReports = "select count(distinct pod_name) as reports from pod_failures where namespace = 'traffic'";

/**
 * How many of the traffic's reports the backend has, looked up in its database: over the API a report that the agent
 * has resolved meanwhile (there is no such pod) would be missing. Each report has a name of its own.
 */
export async function storedReports(release: Release): Promise<number> {
  const program = `
    import { DatabaseSync } from 'node:sqlite';
    const database = new DatabaseSync('/data/kure.db', { readOnly: true });
    console.log(database.prepare(${JSON.stringify(countOfReports)}).get().reports);`;
  const args = ['exec', '--stdin', `deployment/${release.name}-backend`, '--', 'node', '--input-type=module', '-'];
  return Number(await release.kubectl(args, { input: program }));
}
