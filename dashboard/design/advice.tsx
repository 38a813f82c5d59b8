import { lazy, Suspense } from 'react';
import css from './advice.module.css';
import { Prose } from './detail.tsx';

/** Few visits open a detail. */
const Markdown = lazy(() => import('./markdown.tsx'));

/** What to do, in Markdown. */
export function Advice({ text }: { readonly text: string }) {
  return (
    <div className={css.advice}>
      <Suspense fallback={<Prose text={text} />}>
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}
