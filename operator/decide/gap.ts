/** What a rotation waits for, in a sentence. */
export interface Gap {
  readonly what: string;
  /** It will not go away by itself. */
  readonly needsPerson?: true;
}

export const gap = (what: string): Gap => ({ what });
export const gapForPerson = (what: string): Gap => ({ what, needsPerson: true });
