import { Link } from 'wouter';
import css from './tabs.module.css';

export interface Tab {
  readonly href: string;
  readonly label: string;
  readonly count?: number | undefined;
}

/** Views of one page; each has an address, so these are links. */
export function Tabs({ label, tabs, current }: { readonly label: string; readonly tabs: readonly Tab[]; readonly current: string }) {
  return (
    <nav aria-label={label} className={css.tabs}>
      {tabs.map(({ href, label: text, count }) => (
        <Link key={href} href={href} aria-current={href === current ? 'page' : undefined}>
          {text}
          {count !== undefined && <span>{count.toLocaleString('en')}</span>}
        </Link>
      ))}
    </nav>
  );
}
