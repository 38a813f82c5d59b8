/** Workloads that read a key and that the operator may not restart: a rotation would wait for them. */
import { workloadId } from '../../../model/snapshot.ts';
import { upgrade, type Check } from '../finding.ts';
import { unstampable } from '../../rights.ts';

export const workloads: Check = ({ readers, rights, helm, release }) => {
  const refused = unstampable(readers, rights);
  if (refused.length === 0) return [];
  const ids = refused.map((reader) => `${reader.kind.toLowerCase()}/${reader.name}`);
  const named = [...new Set([...(helm?.extraWorkloads ?? []), ...ids])];
  return [
    {
      what: `the operator may not restart ${refused.map(workloadId).join(', ')}: a key is read there, so a rotation would wait`,
      mend: [
        upgrade(release, `--set 'operator.extraWorkloads={${named.join(',')}}'`),
        ...(helm === undefined ? ['together with those that it names already: --set replaces the list'] : []),
        `or leave it alone: kubectl patch ${ids[0]} -n ${release.namespace} --type=merge --patch '{"spec":{"template":{"metadata":{"annotations":{"bootstrap.kure.io/restart":"false"}}}}}'`,
      ],
    },
  ];
};
