/** What the pods that an act brought about say of it. */
import type { Act } from './acts.ts';
import type { SeenPod } from './pod-history.ts';

export interface PodCosts {
  /** Changes of pod templates that nobody asked for. */
  readonly restarts: number;
  /** Pods that came one by one, but for those in place of one that started in between and is gone. */
  readonly replaced: number;
}

/** They read the service token, so that an edit restarts them, once. */
const readers = ['backend', 'agent', 'scanner'];

/**
 * A pod of another form than the workload had before is a restart, and as many pods as the workload wants belong to that;
 * every further one takes the place of a single pod. `pods` are in the order in which they came; keeps the newest forms in
 * `templates`. `between`: uids of pods that started with a token that is no more, and so had to be replaced.
 */
export function podCosts(
  pods: readonly SeenPod[],
  desired: Readonly<Record<string, number>>,
  templates: Map<string, string>,
  { fresh, edited }: Act,
  between: ReadonlySet<string> = new Set(),
): PodCosts {
  const left = new Map<string, number>();
  const due: string[] = [];
  let restarts = 0;
  let replaced = 0;
  for (const pod of pods) {
    const { uid, app, template, isGone } = pod;
    if (templates.get(app) !== template) {
      templates.set(app, template);
      left.set(app, desired[app] ?? 0);
      restarts += 1;
    }
    const belongs = left.get(app) ?? 0;
    if (belongs > 0) left.set(app, belongs - 1);
    else if (due.includes(formOf(pod))) due.splice(due.indexOf(formOf(pod)), 1);
    else replaced += 1;
    if (isGone && between.has(uid)) due.push(formOf(pod));
  }
  const asked = (fresh ? Object.keys(desired).length : 0) + (edited === undefined ? 0 : readers.length);
  return { restarts: restarts - asked, replaced };
}

const formOf = ({ app, template }: SeenPod): string => `${app} ${template}`;
