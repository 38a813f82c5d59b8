/** Nobody looks at a screen for long on which nothing happens. */
import type { Screen } from './screen.ts';

const silentMs = 2_000;

/** Says what is waited for once the work takes longer than people take for granted. */
export async function tellingWait<T>(screen: Screen, what: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => screen.note(`waiting ${what}`), silentMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
