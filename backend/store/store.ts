/** What the domain needs of the database, part by part. Every write that resolves is on disk. */
import type { PodFailure, PodName, PodReport } from '../../shared/contract/pods.ts';
import type { Finding, FindingReport, ResourceName } from '../../shared/contract/security.ts';
import type { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../shared/contract/suppressions.ts';
import type { AccountStores } from './account-store.ts';

export interface PodFailureStore {
  /** Writes the pod's one active failure: a new row, or the newest facts over the known one. */
  save(report: PodReport): Promise<PodFailure>;
  /** New and investigated failures, newest first, without their captured logs. */
  active(): Promise<PodFailure[]>;
  /** Resolves the pod's active failure, if it has one. `at` is RFC 3339. */
  resolve(pod: PodName, note: string, at: string): Promise<void>;
}

export interface FindingStore {
  /** Writes one finding: a new row, or the newest facts over the known one, which stays dismissed if it was. */
  save(report: FindingReport): Promise<Finding>;
  /** Newest first, without the dismissed ones. */
  active(): Promise<Finding[]>;
  /** Both leave dismissed findings alone, so that they are still dismissed after the next scan. */
  clear(): Promise<void>;
  /** Returns how many there were. */
  deleteOf(resource: ResourceName): Promise<number>;
}

export interface SuppressionStore {
  excludedPods(): Promise<ExcludedPod[]>;
  excludedNamespaces(): Promise<ExcludedNamespace[]>;
  excludedRules(): Promise<ExcludedRule[]>;
  trustedRegistries(): Promise<TrustedRegistry[]>;
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

export interface Stores extends AccountStores {
  readonly podFailures: PodFailureStore;
  readonly findings: FindingStore;
  readonly suppressions: SuppressionStore;
  readonly llmConfig: LlmConfigStore & SealedStore;
  /** Finishes what was begun, then closes the database. */
  close(): Promise<void>;
}
