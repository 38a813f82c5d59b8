/** What surrounds the forms of people who are not logged in yet. */
import { useEffect, useRef, type ReactNode } from 'react';
import { Brand } from '../app/brand.tsx';
import css from './auth.module.css';

export function AuthFrame({ title, lead, children }: { readonly title: string; readonly lead?: string; readonly children: ReactNode }) {
  const card = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Kure Monitor`;
    // Where one types first; without a form, what there is to read.
    (card.current?.querySelector('input') ?? heading.current)?.focus();
  }, [title]);
  return (
    <main className={css.frame}>
      <div ref={card} className={css.card}>
        <Brand />
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={css.lead}>{lead}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
