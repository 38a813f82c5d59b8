/** An operator of the whole cluster leaves alone a release whose Secret says that it has one of its own. */
import { operatorAnnotation } from '../../../model/names.ts';
import { environmentOf } from '../../release/deployment.ts';
import type { Check } from '../finding.ts';

export const operatorNamed: Check = ({ release, operator, liveness, bootstrap }) => {
  const hasOwn = operator !== undefined && environmentOf(operator)['SCOPE'] !== 'cluster';
  if (hasOwn || liveness !== 'running' || bootstrap?.annotations?.[operatorAnnotation] !== 'own') return [];
  const { namespace, bootstrapSecret } = release;
  return [
    {
      what: `the Secret ${bootstrapSecret} says that its release has an operator of its own, which is not there, so the one of the cluster leaves it alone`,
      mend: [`kubectl annotate secret ${bootstrapSecret} ${operatorAnnotation}- -n ${namespace}`],
    },
  ];
};
