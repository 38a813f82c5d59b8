/** A tool that applies the bootstrap Secret again and again would fight every rotation. */
import type { ObjectMeta } from '../../../../shared/kube/objects.ts';
import type { Check, Finding } from '../finding.ts';

export const gitops: Check = ({ bootstrap }) => {
  if (bootstrap === undefined) return [];
  const isLeftAlone = bootstrap.annotations?.[fluxPolicy] === 'IfNotPresent';
  return [...(isOf(bootstrap, 'argocd') ? [argo(bootstrap)] : []), ...(isOf(bootstrap, 'kustomize') && !isLeftAlone ? [flux(bootstrap)] : [])];
};

/** What `flux` asks for. */
const fluxPolicy = 'kustomize.toolkit.fluxcd.io/ssa';

/** By label, by annotation, or by whom the API server recorded as a writer. */
function isOf({ labels = {}, annotations = {}, managedFields = [] }: ObjectMeta, tool: string): boolean {
  const names = [...Object.keys(labels), ...Object.keys(annotations)];
  return names.some((name) => name.startsWith(`${tool}.`)) || managedFields.some(({ manager }) => manager?.startsWith(tool) ?? false);
}

const argo = ({ name }: ObjectMeta): Finding => ({
  what: `Argo CD applies the Secret ${name}: let it leave the values alone`,
  mend: [
    'spec:',
    '  ignoreDifferences:',
    // The encryption Secret, too.
    '    - { kind: Secret, jsonPointers: [/data, /metadata/annotations/bootstrap.kure.io~1rendered] }',
    '  syncPolicy:',
    '    syncOptions: [ServerSideApply=true, RespectIgnoreDifferences=true]',
  ],
  isHint: true,
});

const flux = ({ name, namespace }: ObjectMeta): Finding => ({
  what: `Flux applies the Secret ${name}: let it leave the values alone`,
  mend: [`kubectl annotate secret ${name} -n ${namespace} ${fluxPolicy}=IfNotPresent`, 'and the same annotation in the manifest in Git'],
  isHint: true,
});
