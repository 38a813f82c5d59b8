import { lazy, Suspense } from 'react';
import css from './advice.module.css';
import { Prose } from './detail.tsx';

/** Few visits open a detail. Without it the text is as it came. */
const Markdown = lazy(() => import('./markdown.tsx').catch(() => ({ default: Prose })));

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
