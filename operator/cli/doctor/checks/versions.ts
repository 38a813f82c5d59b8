/** A Kubernetes that is old enough to lack what the chart uses. */
import type { Check } from '../finding.ts';

const oldest = { major: 1, minor: 25 };

export const versions: Check = ({ kubernetes: { major, minor } }) => {
  const isOld = major < oldest.major || (major === oldest.major && minor < oldest.minor);
  if (!isOld) return [];
  return [{ what: `Kubernetes ${major}.${minor} is older than ${oldest.major}.${oldest.minor}, the oldest that the chart supports`, mend: ['upgrade the cluster'] }];
};
