import { useEffect, useRef, useState } from 'react';
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

/** Of the address that was added to the history for a detail: the one before it is the list's. */
const overList = { isOverList: true };

const isOverList = (): boolean => (history.state as Partial<typeof overList> | null)?.isOverList === true;

/** Whose detail is open, by the address. What somebody reads is not taken away from them. */
export function useOpened<T extends { readonly id: number }>(items: readonly T[] | undefined): Opened<T> {
  const [params, setParams] = useSearchParams();
  const id = params.get('open');
  const found = items?.find((item) => String(item.id) === id);
  const [last, setLast] = useState(found);
  if (found && found !== last) setLast(found);
  const isClosing = useRef(false);
  useEffect(() => {
    isClosing.current = false;
  }, [id]);
  /** Back to the list, so that the next way back leads on from there. It takes a moment, in which a key may be pressed again. */
  const close = (): void => {
    if (isClosing.current) return;
    isClosing.current = true;
    if (isOverList()) history.back();
    else setParams({}, { replace: true });
  };
  const isGone = !found && last !== undefined && String(last.id) === id;
  return {
    opened: isGone ? last : found,
    isGone,
    isMissing: id !== null && items !== undefined && !found && !isGone,
    // The address of what has left the list is no list to come back to.
    open: (item) => setParams({ open: String(item.id) }, id === null ? { state: overList } : { replace: true }),
    close,
  };
}
