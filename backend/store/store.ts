/** What the domain needs of the database, part by part. Every write that resolves is on disk. */
import type { FailureLogs, PodFailure, PodName, PodReport, PodStatus } from '../../shared/contract/pods.ts';
import type { Finding, FindingReport, ResourceName } from '../../shared/contract/security.ts';
import type { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../shared/contract/suppressions.ts';
import type { AccountStores } from './account-store.ts';

export interface SavedFailure {
  readonly failure: PodFailure;
  /** Whether channels were told about it. */
  readonly isTold: boolean;
}

/** What a language model has said about a failure. It holds as long as the pod fails for the same reason. */
export interface Explanation {
  readonly text: string;
  /** Provider and model. */
  readonly by: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface PodFailureStore {
  /** Writes the pod's one active failure: a new row, or the newest facts over the known one. */
  save(report: PodReport): Promise<SavedFailure>;
  /** True for one caller, once for each failure that is still active: that one tells the channels. `at` is RFC 3339. */
  claimNotice(id: number, at: string): Promise<boolean>;
  /** Newest first, without their captured logs; of resolved ones the newest of each pod, if nothing newer is known. */
  withStatus(...statuses: readonly PodStatus[]): Promise<PodFailure[]>;
  /** Those that are not resolved, newest first, for agents: they compare names, so the long texts are left out. */
  unresolved(): Promise<PodFailure[]>;
  /** Resolves what is not resolved of the pod. `at` is RFC 3339. */
  resolve(pod: PodName, note: string, at: string): Promise<SavedFailure[]>;
  /** undefined if it is in none of the statuses `from`. */
  changeStatus(id: number, from: readonly PodStatus[], to: PodStatus, at: string, note?: string): Promise<PodFailure | undefined>;
  /** Without its captured logs. */
  find(id: number): Promise<PodFailure | undefined>;
  /** Those of them that there are. */
  findAll(ids: readonly number[]): Promise<PodFailure[]>;
  /** The last one that was reported of the pod, without its captured logs. */
  newestOf(pod: PodName): Promise<PodFailure | undefined>;
  capturedLogs(id: number): Promise<FailureLogs | null>;
  /** undefined if there is no such failure any more. */
  explain(id: number, what: 'explanation' | 'log_explanation', explanation: Explanation): Promise<PodFailure | undefined>;
  /** Only resolved and ignored ones. */
  remove(id: number): Promise<boolean>;
  /** Returns how many resolved or ignored ones were older. */
  removeOlder(status: 'resolved' | 'ignored', before: string): Promise<number>;
}

export interface FindingStore {
  /** Writes one finding: a new row, or the newest facts over the known one, which stays dismissed if it was. */
  save(report: FindingReport): Promise<Finding>;
  /** Newest first. */
  list(dismissed: boolean): Promise<Finding[]>;
  /** What scanners have found and not taken back, dismissed or not, newest first, for them: the manifests are left out. */
  seen(): Promise<Finding[]>;
  find(id: number): Promise<Finding | undefined>;
  /** Those of them that there are. */
  findAll(ids: readonly number[]): Promise<Finding[]>;
  /** False if there is none. */
  dismiss(id: number, dismissed: boolean): Promise<boolean>;
  /** Namespaces of active failures and of findings that are not dismissed, sorted. */
  namespaces(): Promise<string[]>;
  /** Of findings that are not dismissed. */
  titles(namespace: string | undefined): Promise<string[]>;
  /**
   * Both leave dismissed findings alone, so that they are still dismissed after the next scan, and note that from `at` on
   * nobody has found them again.
   */
  clear(at: string): Promise<void>;
  deleteOf(resource: ResourceName, at: string): Promise<Pick<Finding, 'id' | 'resource_name' | 'namespace' | 'title'>[]>;
  /** Dismissed ones that nobody has found again since. */
  removeUnseen(before: string): Promise<void>;
}

/** What was put on a list, and what that has taken out of sight. */
export interface Suppressed<Item, Covered> {
  readonly item: Item;
  readonly covered: readonly Covered[];
}

export type GoneFinding = Omit<Finding, 'manifest' | 'dismissed'>;

export interface SuppressionStore {
  excludedPods(): Promise<ExcludedPod[]>;
  excludedNamespaces(): Promise<ExcludedNamespace[]>;
  excludedRules(): Promise<ExcludedRule[]>;
  trustedRegistries(): Promise<TrustedRegistry[]>;

  /** What is on the list already stays as it is and is returned. */
  excludePod(name: string, at: string): Promise<Suppressed<ExcludedPod, PodFailure>>;
  excludeNamespace(namespace: string, at: string): Promise<Suppressed<ExcludedNamespace, GoneFinding>>;
  /** Without a namespace: in all of them. */
  excludeRule(title: string, namespace: string | null, at: string): Promise<Suppressed<ExcludedRule, GoneFinding>>;
  trustRegistry(registry: string, at: string): Promise<Suppressed<TrustedRegistry, GoneFinding>>;

  /** False if it was not on the list. */
  includePod(name: string): Promise<boolean>;
  includeNamespace(namespace: string): Promise<boolean>;
  includeRule(title: string, namespace: string | null): Promise<boolean>;
  distrustRegistry(registry: string): Promise<boolean>;
}

/** How failed pods are explained: the one LLM that is configured. */
export interface LlmConfig {
  readonly provider: string;
  /** Encrypted; null where the provider needs no key. */
  readonly sealedKey: string | null;
  readonly model: string | null;
  readonly baseUrl: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface LlmConfigStore {
  read(): Promise<LlmConfig | undefined>;
  /** Replaces the one that there is. */
  save(config: Omit<LlmConfig, 'createdAt' | 'updatedAt'>, at: string): Promise<LlmConfig>;
  remove(): Promise<void>;
}

/** The stored secrets, whatever they are for. */
export interface SealedStore {
  sealedValues(): Promise<string[]>;
  /** Replaces one by the same under another key; false if it has been changed meanwhile. */
  reseal(from: string, to: string): Promise<boolean>;
}

export interface NotificationSetting {
  readonly id: number;
  readonly provider: string;
  readonly enabled: boolean;
  /** Encrypted: whoever knows the address can post there. */
  readonly sealedUrl: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NotificationSettingsStore {
  list(): Promise<NotificationSetting[]>;
  find(provider: string): Promise<NotificationSetting | undefined>;
  save(provider: string, enabled: boolean, sealedUrl: string, at: string): Promise<NotificationSetting>;
  remove(provider: string): Promise<boolean>;
}

export interface AppSettingsStore {
  read(key: string): Promise<string | undefined>;
  write(key: string, value: string, at: string): Promise<void>;
}

export interface Stores extends AccountStores {
  readonly podFailures: PodFailureStore;
  readonly findings: FindingStore;
  readonly suppressions: SuppressionStore;
  readonly llmConfig: LlmConfigStore;
  readonly notificationSettings: NotificationSettingsStore;
  readonly appSettings: AppSettingsStore;
  readonly sealed: SealedStore;
  /** Finishes what was begun, then closes the database. */
  close(): Promise<void>;
}
