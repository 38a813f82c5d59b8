/** What became of the reports, as plain numbers that add up. */

export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected' | 'failed'; readonly status: number }
  /** No complete answer; `cause` is a code like ECONNREFUSED. */
  | { readonly kind: 'unanswered'; readonly cause: string };

export interface Counts {
  /** Begun; the ones under way are those that no other number counts. */
  readonly sent: number;
  readonly accepted: number;
  /** 401 and 403. */
  readonly rejected: number;
  /** Any other status, by status. */
  readonly failed: Readonly<Record<string, number>>;
  readonly unanswered: Readonly<Record<string, number>>;
  /** RFC 3339, when the answer came. */
  readonly firstRejectedAt: string | null;
  readonly lastRejectedAt: string | null;
}

export const noCounts: Counts = {
  sent: 0,
  accepted: 0,
  rejected: 0,
  failed: {},
  unanswered: {},
  firstRejectedAt: null,
  lastRejectedAt: null,
};

export function outcomeOf(status: number): Outcome {
  if (status === 200) return { kind: 'accepted' };
  return { kind: status === 401 || status === 403 ? 'rejected' : 'failed', status };
}

/** `at` in milliseconds since the epoch. */
export function count(counts: Counts, outcome: Outcome, at: number): Counts {
  if (outcome.kind === 'accepted') return { ...counts, accepted: counts.accepted + 1 };
  if (outcome.kind === 'failed') return { ...counts, failed: addTo(counts.failed, String(outcome.status), 1) };
  if (outcome.kind === 'unanswered') return { ...counts, unanswered: addTo(counts.unanswered, outcome.cause, 1) };
  const time = new Date(at).toISOString();
  const firstRejectedAt = counts.firstRejectedAt ?? time;
  return { ...counts, rejected: counts.rejected + 1, firstRejectedAt, lastRejectedAt: time };
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (total, one) => ({
      sent: total.sent + one.sent,
      accepted: total.accepted + one.accepted,
      rejected: total.rejected + one.rejected,
      failed: addAll(total.failed, one.failed),
      unanswered: addAll(total.unanswered, one.unanswered),
      firstRejectedAt: pick(total.firstRejectedAt, one.firstRejectedAt, (a, b) => a < b),
      lastRejectedAt: pick(total.lastRejectedAt, one.lastRejectedAt, (a, b) => a > b),
    }),
    noCounts,
  );
}

function addTo(numbers: Readonly<Record<string, number>>, key: string, more: number): Record<string, number> {
  return { ...numbers, [key]: (numbers[key] ?? 0) + more };
}

function addAll(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  return Object.entries(b).reduce((total, [key, more]) => addTo(total, key, more), { ...a });
}

function pick(a: string | null, b: string | null, isFirst: (a: string, b: string) => boolean): string | null {
  if (a === null || b === null) return a ?? b;
  return isFirst(a, b) ? a : b;
}
