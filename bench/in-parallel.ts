import { Slots } from '../shared/slots.ts';

/** Does the same for each, so many at a time. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const slots = new Slots(width);
  await Promise.all(items.map((item) => slots.run(() => work(item))));
}
