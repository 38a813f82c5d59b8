/** What a rotation goes through. What a person should see first comes first, then the order of a rotation. */
export const phases = ['Paused', 'Stuck', 'Rejected', 'Contested', 'Cutover', 'Debouncing', 'Verifying', 'Presenting', 'Proving', 'Retiring', 'Stable'] as const;
export type Phase = (typeof phases)[number];
