/** What a colour says. */
export type Tone = 'critical' | 'high' | 'medium' | 'low' | 'good' | 'calm';

const severities = new Set<string>(['critical', 'high', 'medium', 'low']);

export const severityTone = (severity: string): Tone => (severities.has(severity) ? (severity as Tone) : 'calm');
