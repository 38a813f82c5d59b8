/** Waits for what a test can see and cannot be told of. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly deadlineMs?: number;
  readonly everyMs?: number;
}

/** Asks until it is told `true`; anything else is the reason why not, and the last one is in the error. */
export async function until(
  what: string,
  ask: () => Promise<true | string>,
  { deadlineMs = 60_000, everyMs = 400 }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer === true) return;
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs / 1000} s for ${what}: ${answer}`);
    await sleep(everyMs);
  }
}
