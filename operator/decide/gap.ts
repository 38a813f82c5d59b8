/** What a rotation waits for, in a sentence, and when it is worth another look. */
import { lookAgainMs } from '../model/plan.ts';

export interface Gap {
  readonly what: string;
  /** It will not go away by itself. */
  readonly needsPerson?: true;
  /** Silence may have to pass first. */
  readonly afterSilence?: true;
  /** Milliseconds until the next look if no watch tells of anything. */
  readonly lookAgainMs: number;
}

export const gap = (what: string, againMs: number = lookAgainMs.asked): Gap => ({ what, lookAgainMs: againMs });
export const silentGap = (what: string): Gap => ({ ...gap(what), afterSilence: true });
export const watchedGap = (what: string): Gap => gap(what, lookAgainMs.told);
export const gapForPerson = (what: string): Gap => ({ ...watchedGap(what), needsPerson: true });
