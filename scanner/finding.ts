/** What a check finds, and the body of `POST /api/security/findings`. */
import type { FindingReport } from '../shared/contract/security.ts';
import { podManifest } from '../shared/delivery/pod-manifest.ts';
import type { Workload } from './workload.ts';

export interface Finding {
  /** `<rule>: <container>`; people exclude a rule by the part before the first `": "`. Upstream's titles, so that exclusions go on working. */
  readonly title: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly category: 'Security' | 'Best Practice' | 'Compliance';
  readonly description: string;
  readonly remediation: string;
}

/** What people may change about the checks. */
export interface Policy {
  /** Lower-case host names without a port, beside the built-in ones. */
  readonly trustedRegistries: ReadonlySet<string>;
}

export type Check = (workload: Workload, policy: Policy) => readonly Finding[];

export interface Resource {
  readonly type: 'Pod';
  readonly namespace: string;
  readonly name: string;
}

export function resourceOf({ metadata }: Workload): Resource {
  return { type: 'Pod', namespace: metadata.namespace ?? '', name: metadata.name };
}

/** `now` in milliseconds since the epoch. */
export function buildFindingReport(workload: Workload, finding: Finding, now: number): FindingReport {
  const { type, namespace, name } = resourceOf(workload);
  return {
    resource_type: type,
    resource_name: name,
    namespace,
    ...finding,
    timestamp: new Date(now).toISOString(),
    manifest: podManifest(workload),
  };
}
