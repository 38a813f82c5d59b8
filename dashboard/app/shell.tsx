/** What surrounds every page: navigation, connection, account. */
import { Menu, X } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { IconButton } from '../design/button.tsx';
import { Skeleton } from '../design/states.tsx';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { Pages } from './pages.tsx';
import css from './shell.module.css';
import { useLive } from './use-live.ts';
import { useTop } from './use-top.ts';

export function Shell() {
  const live = useLive();
  useTop();
  const [location] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [location]);
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      setOpen(false);
      menu.current?.focus();
    };
    if (isOpen) addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOpen]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        Skip to content
      </a>
      <header className={css.bar}>
        <Brand />
        <IconButton ref={menu} label={isOpen ? 'Close menu' : 'Open menu'} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <X aria-hidden="true" /> : <Menu aria-hidden="true" />}
        </IconButton>
      </header>
      <div className={css.side} data-open={isOpen || undefined}>
        <Navigation live={live} />
      </div>
      <main id="main" className={css.main} tabIndex={-1}>
        <div role="status">
          {live === 'lost' && (
            <p className={css.banner}>Live updates are lost. What you see may be old; the page connects again by itself.</p>
          )}
        </div>
        <PageBoundary key={location}>
          <Suspense fallback={<Skeleton />}>
            <Pages />
          </Suspense>
        </PageBoundary>
      </main>
    </div>
  );
}
