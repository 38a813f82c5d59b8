/** The operator's watches hear from the API server. */
import type { Check } from '../finding.ts';

const maxSilenceSeconds = 360;

/** Bookmarks come every minute, and a quiet watch is ended by the server within five. */
export const watchSpeaks: Check = ({ lastContact, now, operator, release }) => {
  if (lastContact === undefined || operator === undefined) return [];
  const silence = Math.round(now / 1000 - lastContact);
  if (silence <= maxSilenceSeconds) return [];
  return [{ what: `a watch of the operator has heard nothing for ${silence} seconds`, mend: [`kubectl rollout restart deployment/${operator.metadata.name} -n ${release.namespace}`] }];
};
