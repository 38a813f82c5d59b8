/** Which findings are shown: worst first, and of the same severity the newest first. Pure. */
import type { Finding } from '../../shared/contract/security.ts';

export const severities = ['critical', 'high', 'medium', 'low'] as const;

const rank = (severity: string): number => {
  const place = (severities as readonly string[]).indexOf(severity);
  return place < 0 ? severities.length : place;
};

/** Those that match all words of the search. */
export function filterFindings(findings: readonly Finding[], search: string): readonly Finding[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return findings
    .filter((finding) => {
      const text = `${finding.title} ${finding.resource_type} ${finding.resource_name} ${finding.namespace}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a.severity) - rank(b.severity) || (a.timestamp < b.timestamp ? 1 : -1));
}
