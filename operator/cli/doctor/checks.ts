/** The checks in the order in which their findings are best mended. */
import { gitops } from './checks/gitops.ts';
import { legacy } from './checks/legacy.ts';
import { operatorNamed } from './checks/operator-named.ts';
import { operatorRuns } from './checks/operator-runs.ts';
import { rights } from './checks/rights.ts';
import { rollouts } from './checks/rollouts.ts';
import { services } from './checks/services.ts';
import { statusIsCurrent } from './checks/status-is-current.ts';
import { versions } from './checks/versions.ts';
import { watchSpeaks } from './checks/watch-speaks.ts';
import { workloads } from './checks/workloads.ts';
import { writable } from './checks/writable.ts';
import type { Part } from './facts.ts';
import type { Check } from './finding.ts';

interface Examination {
  readonly check: Check;
  /** Without them it finds nothing, and that says nothing. */
  readonly needs: readonly Part[];
}

export const checks: Readonly<Record<string, Examination>> = {
  'the cluster is new enough': { check: versions, needs: [] },
  'an operator runs': { check: operatorRuns, needs: ['liveness'] },
  'it serves this release': { check: operatorNamed, needs: ['liveness', 'secrets'] },
  'its watches speak': { check: watchSpeaks, needs: ['metrics'] },
  'its status is current': { check: statusIsCurrent, needs: ['status'] },
  'the rights are there': { check: rights, needs: ['rights'] },
  'it may restart all that read a key': { check: workloads, needs: ['readers', 'rights'] },
  'their pods can be replaced': { check: rollouts, needs: ['readers'] },
  'presenters can reach a verifier': { check: services, needs: ['readers', 'services'] },
  'its Secrets can be changed': { check: writable, needs: ['secrets'] },
  'nothing is left of 2.2': { check: legacy, needs: ['workloads'] },
  'no other tool owns the Secret': { check: gitops, needs: ['secrets'] },
};
