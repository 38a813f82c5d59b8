/** The checks in the order in which their findings are best mended. */
import { gitops } from './checks/gitops.ts';
import { legacy } from './checks/legacy.ts';
import { operatorRuns } from './checks/operator-runs.ts';
import { rights } from './checks/rights.ts';
import { rollouts } from './checks/rollouts.ts';
import { statusIsCurrent } from './checks/status-is-current.ts';
import { versions } from './checks/versions.ts';
import { watchSpeaks } from './checks/watch-speaks.ts';
import { workloads } from './checks/workloads.ts';
import { writable } from './checks/writable.ts';
import type { Check } from './finding.ts';

export const checks: Readonly<Record<string, Check>> = {
  'the cluster is new enough': versions,
  'an operator runs': operatorRuns,
  'its watches speak': watchSpeaks,
  'its status is current': statusIsCurrent,
  'the rights are there': rights,
  'it may restart all that read a key': workloads,
  'their pods can be replaced': rollouts,
  'its Secrets can be changed': writable,
  'nothing is left of 2.2': legacy,
  'no other tool owns the Secret': gitops,
};
