/** What the domain needs of the database. Every write that resolves is on disk. */
import type { PodFailure, PodName, PodReport } from '../../shared/contract/pods.ts';
import type { Finding, FindingReport, ResourceName } from '../../shared/contract/security.ts';
import type { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../shared/contract/suppressions.ts';

export interface Store {
  /** Writes the pod's one active failure: a new row, or the newest facts over the known one. */
  savePodFailure(report: PodReport): Promise<PodFailure>;
  /** New and investigated failures, newest first, without their captured logs. */
  activePodFailures(): Promise<PodFailure[]>;
  /** Resolves the pod's active failure, if it has one. `at` is RFC 3339. */
  resolvePodFailure(pod: PodName, note: string, at: string): Promise<void>;

  /** Writes one finding: a new row, or the newest facts over the known one, which stays dismissed if it was. */
  saveFinding(report: FindingReport): Promise<Finding>;
  /** Newest first, without the dismissed ones. */
  activeFindings(): Promise<Finding[]>;
  /** Both leave dismissed findings alone, so that they are still dismissed after the next scan. */
  clearFindings(): Promise<void>;
  /** Returns how many there were. */
  deleteFindingsOf(resource: ResourceName): Promise<number>;

  excludedPods(): Promise<ExcludedPod[]>;
  excludedNamespaces(): Promise<ExcludedNamespace[]>;
  excludedRules(): Promise<ExcludedRule[]>;
  trustedRegistries(): Promise<TrustedRegistry[]>;

  /** Finishes what was begun, then closes the database. */
  close(): Promise<void>;
}
