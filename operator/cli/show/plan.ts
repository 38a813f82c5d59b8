/** What `plan` prints. Pure. */
import type { RestartPlan } from '../restart-plan.ts';

export function planLines({ key, steps, restarts, leftAlone, notes }: RestartPlan): string[] {
  const heading = restarts === 0 ? `An edit of ${key} restarts nothing.` : `An edit of ${key} restarts ${count(restarts, 'workload')}, each once:`;
  const order = steps.flatMap(({ who, workloads }, index) => [
    `  ${index + 1}  ${who}`,
    ...workloads.map(({ workload, pods }) => `       ${workload}  (${count(pods, 'pod')})`),
  ]);
  const holders = leftAlone.map(({ pod, owner, why }) => `  ${pod}  (${owner}): ${why}`);
  return [
    heading,
    ...order,
    ...(holders.length === 0 ? [] : ['Nothing restarts these pods; the old value stays accepted until they are gone:', ...holders]),
    ...notes.map((note) => `Note: ${note}.`),
  ];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
