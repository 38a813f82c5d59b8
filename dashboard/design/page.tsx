import { useEffect, useRef, type ReactNode } from 'react';
import css from './page.module.css';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** A page of forms. */
  readonly isNarrow?: boolean;
  readonly children: ReactNode;
}

/** One page: its title goes to the tab, and gets the focus so that a screen reader says where one is. */
export function Page({ title, lead, actions, isNarrow = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Kure Monitor`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className={`${css.page} ${isNarrow ? css.narrow : ''}`}>
      <header className={css.head}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={css.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProps {
  readonly title?: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Lists reach to the edge. */
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, lead, actions, isFlush = false, children }: CardProps) {
  return (
    <section className={css.card} aria-label={title}>
      {title !== undefined && (
        <header className={css.cardHead}>
          <div>
            <h2 tabIndex={-1}>{title}</h2>
            {lead !== undefined && <p className={css.lead}>{lead}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className={isFlush ? css.flush : css.inside}>{children}</div>
    </section>
  );
}

/** Cards beside each other, where there is room for as many. */
export const Columns = ({ count, children }: { readonly count: number; readonly children: ReactNode }) => (
  <div className={css.columns} style={{ ['--count' as string]: count }}>
    {children}
  </div>
);
export const Toolbar = ({ children }: { readonly children: ReactNode }) => <div className={css.toolbar}>{children}</div>;
export const Buttons = ({ children }: { readonly children: ReactNode }) => <div className={css.buttons}>{children}</div>;
