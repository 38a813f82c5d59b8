/** What a rotation waits for, in a sentence, and when it is worth another look. */
export interface Gap {
  readonly what: string;
  /** It will not go away by itself. */
  readonly needsPerson?: true;
  /** Milliseconds until the next look if no watch tells of anything. */
  readonly lookInMs: number;
}

/** Milliseconds: what only verifiers know is asked for often; what a watch or a person tells of need not be. */
export const lookInMs = { asked: 500, told: 5_000 } as const;

export const gap = (what: string): Gap => ({ what, lookInMs: lookInMs.asked });
export const watchedGap = (what: string): Gap => ({ what, lookInMs: lookInMs.told });
export const gapForPerson = (what: string): Gap => ({ what, lookInMs: lookInMs.told, needsPerson: true });
