/** Invariants 1 and 2 as the audit log shows them: it knows no values, but who wrote what, and in which order. */
import type { AuditedWrite } from './audit-trail.ts';
import { keyringName, secretName, workloadNames, type WorkloadName } from './manifests.ts';

const presenters: readonly WorkloadName[] = workloadNames.filter((name) => name !== 'backend');

/** A sentence for each broken rule; `trail` begins with the release itself. */
export function brokenRules(trail: readonly AuditedWrite[]): string[] {
  return [...acceptBeforePresent(trail), ...presentBeforeRetire(trail)];
}

/** Between an edit and the next stamp of a presenter the keyring is written, and then the verifier stamped. */
function acceptBeforePresent(trail: readonly AuditedWrite[]): string[] {
  return trail.flatMap((write, index) => {
    const presenter = presenters.find((name) => isStamp(write, name));
    if (presenter === undefined) return [];
    const earlier = trail.slice(0, index);
    const sinceStamp = earlier.slice(earlier.findLastIndex((it) => isStamp(it, presenter)) + 1);
    const since = sinceStamp.slice(Math.max(0, sinceStamp.findIndex(isEdit))); // where nobody has edited, since that stamp
    const recorded = since.findIndex(isKeyringWrite);
    if (recorded < 0) return [`${presenter} was stamped before the keyring held the edit`];
    return since.slice(recorded).some((it) => isStamp(it, 'backend')) ? [] : [`${presenter} was stamped before the backend`];
  });
}

/** The last write of the keyring commits. The one before it retires: after the last presenter was stamped and every pod from before it has ended. */
function presentBeforeRetire(trail: readonly AuditedWrite[]): string[] {
  const retired = trail.slice(0, trail.findLastIndex(isKeyringWrite)).findLastIndex(isKeyringWrite);
  return presenters.flatMap((name) => {
    const stamped = trail.findLastIndex((write) => isStamp(write, name));
    if (stamped < 0) return [];
    if (retired < stamped) return [`the keyring was not written twice after ${name} was stamped for the last time`];
    const old = trail.slice(0, stamped).flatMap((write) => boundPod(write, name));
    return old.filter((pod) => !hasEnded(pod, trail, retired)).map((pod) => `an older value was retired while ${pod} was still there`);
  });
}

/** The first deletion of a pod lets it terminate; with the last one, its node's, it has gone. */
function hasEnded(pod: string, trail: readonly AuditedWrite[], by: number): boolean {
  const last = trail.findLastIndex(({ verb, what }) => verb === 'delete' && what === `pods/${pod}`);
  return last >= 0 && last < by;
}

const isEdit = ({ by, what, verb }: AuditedWrite): boolean => by === 'other' && what === `secrets/${secretName}` && verb === 'patch';

const isKeyringWrite = ({ by, what, verb }: AuditedWrite): boolean =>
  by === 'operator' && (what === `secrets/${keyringName}` || (verb === 'create' && what === 'secrets/'));

function isStamp({ by, verb, what }: AuditedWrite, name: WorkloadName): boolean {
  return by === 'operator' && verb === 'patch' && (what === `deployments/${name}` || what === `daemonsets/${name}`);
}

/** A pod is known by its name from the moment it is bound to a node. */
function boundPod({ verb, what }: AuditedWrite, workload: WorkloadName): string[] {
  const [resource, pod = '', subresource] = what.split('/');
  return resource === 'pods' && verb === 'create' && subresource === 'binding' && pod.startsWith(`${workload}-`) ? [pod] : [];
}
