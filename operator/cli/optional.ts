/** Reads that may come to nothing. */
import { remedyFor, type Remedy } from '../../shared/kube/kube-error.ts';

/** Undefined for what does not exist. */
export const ifExists = <T>(reading: Promise<T>): Promise<T | undefined> => unless(reading, ['missing']);

/** Undefined for what does not exist or may not be read. */
export const ifReadable = <T>(reading: Promise<T>): Promise<T | undefined> => unless(reading, ['missing', 'refused']);

/** The same, and tells where it may not be read. */
export function ifShown<T>(reading: Promise<T>, onHidden: () => void): Promise<T | undefined> {
  const telling = reading.catch((error: unknown) => {
    if (remedyFor(error) === 'refused') onHidden();
    throw error;
  });
  return ifReadable(telling);
}

async function unless<T>(reading: Promise<T>, remedies: readonly Remedy[]): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (remedies.includes(remedyFor(error))) return undefined;
    throw error;
  }
}
