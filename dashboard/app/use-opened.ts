import { useState } from 'react';
import { useSearchParams } from 'wouter';

interface Opened<T> {
  readonly opened: T | undefined;
  /** It has left the list since, and is as it was last. */
  readonly isGone: boolean;
  /** The address is of something that was not in the list to begin with. */
  readonly isMissing: boolean;
  readonly open: (item: T) => void;
  readonly close: () => void;
}

/** Whose detail is open, by the address. What somebody reads is not taken away from them. */
export function useOpened<T extends { readonly id: number }>(items: readonly T[] | undefined): Opened<T> {
  const [params, setParams] = useSearchParams();
  const id = params.get('open');
  const found = items?.find((item) => String(item.id) === id);
  const [last, setLast] = useState(found);
  if (found && found !== last) setLast(found);
  const isGone = !found && last !== undefined && String(last.id) === id;
  return {
    opened: isGone ? last : found,
    isGone,
    isMissing: id !== null && items !== undefined && !found && !isGone,
    open: (item) => setParams({ open: String(item.id) }),
    close: () => setParams({}, { replace: true }),
  };
}
