import { useSyncExternalStore } from 'react';

let isPrinting = false;

function eachPrint(changed: () => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  for (const type of ['beforeprint', 'afterprint'] as const) {
    addEventListener(
      type,
      () => {
        isPrinting = type === 'beforeprint';
        changed();
      },
      { signal },
    );
  }
  return () => listening.abort();
}

/** Whether the page is put on paper, where nobody scrolls. */
export const usePrinting = (): boolean => useSyncExternalStore(eachPrint, () => isPrinting);
