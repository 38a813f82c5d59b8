/** Workloads that read a key and that the operator may not restart: a rotation would wait for them. */
import { workloadId } from '../../../model/snapshot.ts';
import type { Check } from '../finding.ts';
import { unstampable } from '../../rights.ts';

export const workloads: Check = ({ readers, rights, release }) => {
  const { namespace, name } = release;
  const refused = unstampable(readers, rights);
  if (refused.length === 0) return [];
  const ids = refused.map((reader) => `${reader.kind.toLowerCase()}/${reader.name}`);
  return [
    {
      what: `the operator may not restart ${refused.map(workloadId).join(', ')}: a key is read there, so a rotation would wait`,
      mend: [
        `helm upgrade ${name} <chart> -n ${namespace} --reset-then-reuse-values --set 'operator.extraWorkloads={${ids.join(',')}}'`,
        'together with those that it names already: --set replaces the list',
        `or leave it alone: kubectl patch ${ids[0]} -n ${namespace} --type=merge --patch '{"spec":{"template":{"metadata":{"annotations":{"bootstrap.kure.io/restart":"false"}}}}}'`,
      ],
    },
  ];
};
