/** Into an immutable Secret nobody can write a new value, and the API server makes none mutable again (KEP-1412). */
import type { Check } from '../finding.ts';

export const writable: Check = ({ immutable, release }) =>
  immutable.map((name) => ({
    what: `the Secret ${name} is immutable: no rotation can be written into it`,
    mend: [`kubectl delete secret ${name} -n ${release.namespace}`, 'the operator puts its own keys back, in one that can be changed; other entries do not come back'],
  }));
