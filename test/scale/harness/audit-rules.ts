/** Invariants 1 and 2 as the audit log shows them: it knows no values, but who wrote what, and in which order. */
import type { AuditedWrite } from './audit-trail.ts';
import { keyringName, secretName, workloadNames, type WorkloadName } from './manifests.ts';

const presenters: readonly WorkloadName[] = workloadNames.filter((name) => name !== 'backend');

/** A sentence for each broken rule; `trail` begins with the release itself. */
export function brokenRules(trail: readonly AuditedWrite[]): string[] {
  return [...acceptBeforePresent(trail), ...presentBeforeRetire(trail)];
}

/** Before a presenter is stamped the keyring has been written since the edit, and the verifier has been stamped as often. */
function acceptBeforePresent(trail: readonly AuditedWrite[]): string[] {
  return trail.flatMap((write, index) => {
    const presenter = presenters.find((name) => isStamp(write, name));
    if (presenter === undefined) return [];
    const earlier = trail.slice(0, index);
    const edit = Math.max(0, earlier.findIndex(isEdit)); // where nobody has edited, since the beginning
    const broken: string[] = [];
    if (!earlier.slice(edit).some(isKeyringWrite)) broken.push(`${presenter} was stamped before the keyring held the edit`);
    const stamped = (name: WorkloadName) => earlier.filter((write) => isStamp(write, name)).length;
    if (stamped('backend') <= stamped(presenter)) broken.push(`${presenter} was stamped before the backend`);
    return broken;
  });
}

/** The keyring is written last: after the last presenter was stamped and every pod from before it has ended. */
function presentBeforeRetire(trail: readonly AuditedWrite[]): string[] {
  const retired = trail.findLastIndex(isKeyringWrite);
  return presenters.flatMap((name) => {
    const stamped = trail.findLastIndex((write) => isStamp(write, name));
    if (stamped < 0) return [];
    if (retired < stamped) return [`the keyring was not written after ${name} was stamped for the last time`];
    const ended = new Set(trail.slice(0, retired).flatMap((write) => podOf(write, 'delete', name)));
    const old = trail.slice(0, stamped).flatMap((write) => podOf(write, 'create', name));
    return old.filter((pod) => !ended.has(pod)).map((pod) => `the keyring was last written while ${pod} was still there`);
  });
}

const isEdit = ({ by, what, verb }: AuditedWrite): boolean => by === 'other' && what === `secrets/${secretName}` && verb === 'patch';

const isKeyringWrite = ({ by, what, verb }: AuditedWrite): boolean =>
  by === 'operator' && (what === `secrets/${keyringName}` || (verb === 'create' && what === 'secrets/'));

function isStamp({ by, verb, what }: AuditedWrite, name: WorkloadName): boolean {
  return by === 'operator' && verb === 'patch' && (what === `deployments/${name}` || what === `daemonsets/${name}`);
}

/** A pod is known by its name from the moment it is bound to a node. */
function podOf({ verb, what }: AuditedWrite, wanted: 'create' | 'delete', workload: WorkloadName): string[] {
  const [resource, pod = '', subresource] = what.split('/');
  const isThatStep = wanted === 'create' ? subresource === 'binding' : subresource === undefined;
  return resource === 'pods' && verb === wanted && isThatStep && pod.startsWith(`${workload}-`) ? [pod] : [];
}
