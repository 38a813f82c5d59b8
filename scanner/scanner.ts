/**
 * Keeps the backend's findings true to the cluster:
 *
 *     watch ──► checks ──► differs from what the backend was told ──► delete what is stale, post what is new
 *
 * Nothing is cleared at the start: the backend's list is read, compared and put right, so that nobody is ever
 * without findings while a scanner restarts. The comparison is repeated now and then.
 */
import { BackendLink, comparisonDeadlineMs } from '../shared/delivery/backend-link.ts';
import type { Presenter, Surroundings } from '../shared/delivery/presenter.ts';
import { collectionPath } from '../shared/kube/objects.ts';
import { Reflector } from '../shared/kube/reflector.ts';
import type { ScannerConfig } from './config.ts';
import { buildFindingReport, resourceOf, type Finding, type Resource } from './finding.ts';
import { findingsOf, type Suppressions } from './rules.ts';
import { keyOf, ToldFindings } from './told.ts';
import { stripWorkload, type Workload } from './workload.ts';

const suppressionChanges = new Set(['namespace_exclusion_change', 'rule_exclusion_change', 'trusted_registry_change']);

export class Scanner implements Presenter {
  readonly link: BackendLink;
  readonly told = new ToldFindings();
  readonly pods: Reflector<Workload>;
  readonly #options: Surroundings<ScannerConfig>;
  /** Unknown until the backend has said them once: until then nothing is reported. */
  #suppressions: Suppressions | undefined;
  /** Nothing is reported before the first comparison was tried: most of it is there already. */
  #compared = false;

  constructor(options: Surroundings<ScannerConfig>) {
    const { config, client, clock, log } = options;
    this.#options = options;
    this.link = new BackendLink({
      baseUrl: config.backendUrl,
      token: config.serviceToken,
      suppressions: { what: 'suppressions', task: (signal) => this.#refreshSuppressions(signal) },
      comparison: { what: 'findings the backend has', task: (signal) => this.#compare(signal) },
      suppressionChanges,
      onMessage: (type) => {
        if (type === 'security_rescan_request') void this.#rescan();
      },
      clock,
      log,
    });
    this.pods = new Reflector<Workload>({
      client,
      path: collectionPath('pods'),
      strip: stripWorkload,
      onChange: ({ type, object }) => (type === 'set' ? this.#examine(object) : this.#tellGone(resourceOf(object))),
      clock,
      log,
    });
  }

  start(): void {
    this.link.start();
    this.pods.start();
    void this.#scanFirst();
  }

  /** Stops watching, then tries to deliver what is left. Returns how many messages were not delivered. */
  async stop(graceMs: number): Promise<number> {
    void this.pods.stop();
    return this.link.stop(graceMs);
  }

  /** Once ready, always ready: a backend that is away is not cured by restarting scanners. */
  whyNotReady(): string | undefined {
    if (!this.pods.hasListed) return 'the pods of the cluster are not listed yet';
    if (!this.#suppressions) return 'the backend has not accepted the service token yet';
    return undefined;
  }

  async #scanFirst(): Promise<void> {
    const startedAt = this.#options.clock.now();
    await this.pods.listed();
    this.link.comparison.start();
    await this.link.comparison.attempted();
    this.#compared = true;
    await this.link.suppressions.done();
    this.#examineAll();
    await this.link.delivery.idle();
    const body = { duration_seconds: (this.#options.clock.now() - startedAt) / 1000 };
    this.link.delivery.send({
      key: 'scan-duration',
      requests: () => [{ method: 'POST', path: '/api/metrics/security-scan-duration', body }],
    });
  }

  #examineAll(): void {
    for (const pod of this.pods.objects()) this.#examine(pod);
  }

  #examine(pod: Workload): void {
    if (!this.#suppressions || !this.#compared) return;
    this.#tell(pod, findingsOf(pod, this.#suppressions, this.#options.config.ownNamespace));
  }

  #tell(pod: Workload, findings: readonly Finding[]): void {
    const { clock } = this.#options;
    const message = this.told.change(resourceOf(pod), findings, (finding) =>
      buildFindingReport(pod, finding, clock.now()),
    );
    if (message) this.link.delivery.send(message);
  }

  /** Without the pod: thousands of these may wait through a long outage. */
  #tellGone({ namespace, name }: Omit<Resource, 'type'>): void {
    this.#tell({ metadata: { namespace, name, uid: '', resourceVersion: '' } }, []);
  }

  async #rescan(): Promise<void> {
    this.#sendRescanStatus('started');
    this.link.suppressions.now();
    this.told.doubt();
    this.#examineAll();
    await this.link.delivery.idle();
    this.#sendRescanStatus('completed');
  }

  #sendRescanStatus(status: 'started' | 'completed'): void {
    const body = { status, reason: 'manual_rescan' };
    const request = { method: 'POST', path: '/api/security/rescan-status', body } as const;
    this.link.delivery.send({ key: 'rescan-status', requests: () => [request] });
  }

  async #refreshSuppressions(signal: AbortSignal): Promise<void> {
    const [namespaces, rules, registries] = await Promise.all([
      this.link.backend.list('/api/admin/excluded-namespaces', signal),
      this.link.backend.list('/api/admin/excluded-rules', signal),
      this.link.backend.list('/api/admin/trusted-registries', signal),
    ]);
    this.#suppressions = {
      excludedNamespaces: new Set(namespaces.map(({ namespace }) => String(namespace))),
      excludedRules: rules.map(({ rule_title, namespace }) => ({
        title: String(rule_title),
        namespace: typeof namespace === 'string' ? namespace : null,
      })),
      trustedRegistries: new Set(registries.map(({ registry }) => String(registry).toLowerCase())),
    };
    this.#examineAll();
  }

  /** Learns what the backend has, posts what it lacks and deletes what is over. */
  async #compare(signal: AbortSignal): Promise<void> {
    const arrived = this.told.arrived((key) => this.link.delivery.has(key));
    const items = await this.link.backend.list('/api/security/findings', signal, comparisonDeadlineMs);
    const ofPods = items.filter(({ resource_type }) => resource_type === 'Pod');
    const known = new Set(this.pods.objects().map((pod) => keyOf(resourceOf(pod))));
    const resources = this.told.learn(
      ofPods.map(({ namespace, resource_name, title, severity, category, description }) => ({
        resource: { type: 'Pod', namespace: String(namespace), name: String(resource_name) },
        finding: { title: String(title), severity: String(severity), category: String(category), description: String(description) },
      })),
      arrived,
    );
    for (const resource of resources) {
      if (!known.has(keyOf(resource))) this.#tellGone(resource);
    }
    this.#examineAll();
  }
}
