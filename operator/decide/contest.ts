/** A renderer that makes up new values again and again: each one is put back later than the one before. */
import type { Contest, KeyRecord } from '../../shared/credential/keyring.ts';

/** Milliseconds from a made-up value to its put-back: the first, and the longest. */
const putBackMs = { min: 1_000, max: 300_000 };

/** Milliseconds without a made-up value after which the next one counts as the first. */
const calmMs = 600_000;

/** The contest with one more made-up value. */
export function contestedAgain({ contest }: KeyRecord, now: number, by: string | undefined): Contest {
  const goesOn = contest !== undefined && now - Date.parse(contest.lastAt) < calmMs;
  return { count: goesOn ? contest.count + 1 : 1, lastAt: new Date(now).toISOString(), ...(by !== undefined && { by }) };
}

/** Milliseconds until the target goes back into the Secret, 0 if it may now, or if another clock was ahead of ours. */
export function putBackLeftMs({ contest }: KeyRecord, now: number): number {
  if (!contest || Date.parse(contest.lastAt) > now) return 0;
  const delayMs = Math.min(putBackMs.min * 2 ** (contest.count - 1), putBackMs.max);
  return Math.max(0, Date.parse(contest.lastAt) + delayMs - now);
}
