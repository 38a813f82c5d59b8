/** A long list: only the rows in sight are in the page, and on paper all. Each opens its details. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import css from './rows.module.css';
import { usePrinting } from './use-printing.ts';

interface RowsProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly idOf: (item: T) => number;
  /** CSS length of the longest mark. */
  readonly markWidth: string;
  readonly onOpen: (item: T) => void;
  readonly children: (item: T) => ReactNode;
}

const estimatedHeight = 68;
/** Rows beyond those in sight. */
const overscan = 8;

export function Rows<T>({ label, items, idOf, markWidth, onOpen, children }: RowsProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const isPrinting = usePrinting();
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => estimatedHeight,
    overscan: isPrinting ? items.length : overscan,
    scrollMargin: top,
    getItemKey: (index) => idOf(items[index]!),
  });
  return (
    <ul ref={list} className={css.rows} aria-label={label} style={{ height: virtualizer.getTotalSize(), ['--mark' as string]: markWidth }}>
      {virtualizer.getVirtualItems().map(({ key, index, start }) => {
        const item = items[index]!;
        return (
          <li
            key={key}
            data-index={index}
            ref={virtualizer.measureElement}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <button type="button" className={css.row} onClick={() => onOpen(item)}>
              {children(item)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly name: string;
  /** Beside the name. */
  readonly note?: ReactNode;
  readonly place: string;
  readonly text: string;
  readonly mark: ReactNode;
  readonly when: ReactNode;
}

export function Row({ name, note, place, text, mark, when }: RowProps) {
  return (
    <>
      <span className={css.mark}>{mark}</span>
      <span className={css.main}>
        <span className={css.title}>
          <span className={css.name}>{name}</span>
          {note}
        </span>
        <span className={css.text}>
          <span className={css.where}>{place} · </span>
          {text}
        </span>
      </span>
      <span className={css.place}>{place}</span>
      <span className={css.when}>{when}</span>
    </>
  );
}
