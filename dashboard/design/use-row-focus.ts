import { useLayoutEffect, useRef, type FocusEvent, type RefObject } from 'react';

type Key = string | number;

/** What had the focus last: which of its row's controls, and where that row was. */
interface Place {
  readonly key: Key;
  readonly row: number;
  readonly control: number;
}

interface RowFocus {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * Where a row goes that has the focus, or whose question has it, the row in its place gets it, or else the whole table; where
 * the table goes, the heading of its card: a browser would leave a keyboard at the top of the page. `keys` are those of the rows.
 */
export function useRowFocus(keys: readonly Key[]): RowFocus {
  const ref = useRef<HTMLDivElement>(null);
  const last = useRef<Place>(undefined);
  useLayoutEffect(() => {
    const place = last.current;
    if (!place || keys.includes(place.key) || document.activeElement !== document.body) return;
    const row = rowsOf(ref.current)[Math.min(place.row, keys.length - 1)];
    (controlsOf(row)[place.control] ?? ref.current)?.focus();
  });
  useLayoutEffect(() => {
    const table = ref.current;
    return () => {
      if (table?.contains(document.activeElement)) table.closest('section')?.querySelector('h2')?.focus();
    };
  }, []);
  return {
    ref,
    onFocus: ({ target }) => {
      const row = rowsOf(ref.current).findIndex((it) => it.contains(target));
      const key = keys[row];
      last.current = key === undefined ? undefined : { key, row, control: controlsOf(rowsOf(ref.current)[row]).findIndex((it) => it === target) };
    },
    onBlur: ({ relatedTarget }) => {
      if (!relatedTarget?.closest('dialog')) last.current = undefined;
    },
  };
}

const rowsOf = (table: Element | null): Element[] => [...(table?.querySelectorAll('tbody > tr') ?? [])];
const controlsOf = (row: Element | undefined): HTMLElement[] => [...(row?.querySelectorAll<HTMLElement>('button, select') ?? [])];
