/**
 * Keeps the backend's list of failing pods true:
 *
 *     watch ──► judge ──► failing, and new to the backend ──► report
 *                    └──► well or gone, and told to it ─────► dismiss
 *
 * What the backend was told is only a memory: now and then it is compared with what the backend has, which also
 * makes good what was lost while the agent, the backend or the queue was away.
 */
import type { BackendRequest } from '../shared/delivery/backend.ts';
import { BackendLink, comparisonDeadlineMs } from '../shared/delivery/backend-link.ts';
import type { Presenter, Surroundings } from '../shared/delivery/presenter.ts';
import { KubeError } from '../shared/kube/kube-error.ts';
import { collectionPath, objectPath } from '../shared/kube/objects.ts';
import { Reflector, type Delta } from '../shared/kube/reflector.ts';
import type { AgentConfig } from './config.ts';
import { gatherEvidence } from './evidence.ts';
import { keyOf, podKey, stripPod, type Pod } from './pod.ts';
import { buildReport, fingerprint } from './report.ts';
import { judge, type Failing, type Verdict } from './verdict.ts';
import { isExcluded, isMine } from './watched.ts';

/** Time alone makes a Pending pod a failing one, and a restarted one a recovered one. */
const reexamineEveryMs = 5_000;
/** A report without its events or logs, since they could not be read, is repeated after this long. */
const incompleteAgainMs = 60_000;

/** What the backend has of a pod. */
interface Told {
  /** The fingerprint of the last report, '' if that was not ours. */
  readonly print: string;
  /** When the same is to be told again. */
  againAt: number;
}

export class Agent implements Presenter {
  readonly link: BackendLink;
  readonly pods: Reflector<Pod>;
  readonly #options: Surroundings<AgentConfig>;
  #timer: NodeJS.Timeout | undefined;
  /** Unknown until the backend has said it once: until then nothing is reported. */
  #excludedPods: ReadonlySet<string> | undefined;
  /** What the backend has, or what is on its way to it. */
  readonly #told = new Map<string, Told>();

  constructor(options: Surroundings<AgentConfig>) {
    const { config, client, clock, log } = options;
    this.#options = options;
    this.link = new BackendLink({
      baseUrl: config.backendUrl,
      token: config.serviceToken,
      suppressions: { what: 'excluded pods', task: (signal) => this.#refreshExclusions(signal) },
      comparison: { what: 'pods the backend has', task: (signal) => this.#compare(signal) },
      suppressionChanges: new Set(['pod_exclusion_change']),
      clock,
      log,
    });
    this.pods = new Reflector<Pod>({
      client,
      path: collectionPath('pods'),
      strip: (pod) => stripPod(pod, (candidate) => isMine(candidate, config)),
      onChange: (delta) => this.#onChange(delta),
      clock,
      log,
    });
  }

  start(): void {
    this.link.start();
    this.pods.start();
    void this.pods.listed().then(() => this.link.comparison.start());
    this.#timer = setInterval(() => this.#examineAll(), reexamineEveryMs);
  }

  /** Stops watching, then tries to deliver what is left. Returns how many messages were not delivered. */
  async stop(graceMs: number): Promise<number> {
    clearInterval(this.#timer);
    void this.pods.stop();
    return this.link.stop(graceMs);
  }

  /** Once ready, always ready: a backend that is away is not cured by restarting agents. */
  whyNotReady(): string | undefined {
    if (!this.pods.hasListed) return 'the pods of the cluster are not listed yet';
    if (!this.link.suppressions.succeeded) return 'the backend has not accepted the service token yet';
    return undefined;
  }

  /** Pods that the backend is believed to show as failing. */
  get toldCount(): number {
    return this.#told.size;
  }

  #onChange({ type, object: pod }: Delta<Pod>): void {
    if (type === 'set') this.#examine(pod);
    else if (isMine(pod, this.#options.config)) this.#dismissIfTold(keyOf(pod));
  }

  #examineAll(): void {
    for (const pod of this.pods.objects()) this.#examine(pod);
  }

  #examine(pod: Pod): void {
    const key = keyOf(pod);
    // It has been put on another node, whose agent will tell of its recovery.
    if (!isMine(pod, this.#options.config)) this.#told.delete(key);
    const verdict = this.#judge(pod);
    if (verdict?.kind === 'well') this.#dismissIfTold(key);
    if (verdict?.kind !== 'failing') return;
    const now = this.#options.clock.now();
    const print = fingerprint(pod, verdict, now);
    const known = this.#told.get(key);
    if (known?.print === print && now < known.againAt) return;
    const told: Told = { print, againAt: Infinity };
    this.#told.set(key, told);
    this.link.delivery.send({ key, requests: () => this.#report(pod, verdict, told) });
  }

  /** Undefined where it is not, or not yet, for this agent to say. */
  #judge(pod: Pod): Verdict | undefined {
    const { config, clock } = this.#options;
    if (!this.#excludedPods || !isMine(pod, config)) return undefined;
    if (isExcluded(pod, config, this.#excludedPods)) return { kind: 'well' };
    return judge(pod, { now: clock.now(), pendingGraceMs: config.pendingGraceMs });
  }

  /** Nothing, if that has become untrue while it waited. */
  async #report(pod: Pod, verdict: Failing, told: Told): Promise<readonly BackendRequest[]> {
    const { client, clock } = this.#options;
    const evidence = await gatherEvidence(client, pod, verdict.container);
    told.againAt = evidence.isComplete ? Infinity : clock.now() + incompleteAgainMs;
    const current = this.pods.get(pod.metadata.uid);
    const judged = current && this.#judge(current);
    if (judged === undefined || judged.kind === 'well') return [];
    return [{ method: 'POST', path: '/api/pods/failed', body: buildReport(pod, verdict, evidence) }];
  }

  #dismissIfTold(key: string): void {
    if (this.#told.delete(key)) this.#dismiss(key);
  }

  #dismiss(key: string): void {
    const [namespace, pod_name] = key.split('/');
    const body = { namespace, pod_name };
    this.link.delivery.send({ key, requests: () => [{ method: 'POST', path: '/api/pods/dismiss-deleted', body }] });
  }

  async #refreshExclusions(signal: AbortSignal): Promise<void> {
    const items = await this.link.backend.list('/api/admin/excluded-pods', signal);
    this.#excludedPods = new Set(items.map(({ pod_name }) => String(pod_name)));
    this.#examineAll();
  }

  /** Learns what the backend has; reports what it lacks and dismisses what is over. The list may lack what arrived after it was read. */
  async #compare(signal: AbortSignal): Promise<void> {
    const arrived = [...this.#told].filter(([key]) => !this.link.delivery.has(key));
    const items = await this.link.backend.list('/api/pods/failed', signal, comparisonDeadlineMs);
    const known = new Map(this.pods.objects().map((pod) => [keyOf(pod), pod]));
    const listed = new Set(items.map(({ namespace, pod_name }) => podKey(String(namespace), String(pod_name))));
    for (const [key, told] of arrived) {
      if (!listed.has(key) && this.#told.get(key) === told) this.#told.delete(key);
    }
    for (const key of listed) {
      const pod = known.get(key);
      if (!pod) await this.#dismissIfGone(key);
      else if (isMine(pod, this.#options.config) && !this.#told.has(key)) this.#told.set(key, { print: '', againAt: Infinity });
    }
    this.#examineAll();
  }

  /** Asks the API server: the watch may only be behind. */
  async #dismissIfGone(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    try {
      await this.#options.client.get(objectPath('pods', namespace, name));
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 404) throw error;
      this.#told.delete(key);
      this.#dismiss(key);
    }
  }
}
