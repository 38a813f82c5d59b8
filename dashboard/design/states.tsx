/** What stands where content will be, could be, or cannot be. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentence } from '../api/problem.ts';
import { Button } from './button.tsx';
import css from './states.module.css';

export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className={css.empty}>
      <span className={css.mark} aria-hidden="true">
        {icon}
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <div className={css.failed} role="alert">
      <CircleAlert aria-hidden="true" />
      <p>{sentence(error)}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export function Note({ tone = 'calm', children }: { readonly tone?: 'calm' | 'medium' | 'good'; readonly children: ReactNode }) {
  return <div className={`${css.note} ${css[tone]}`}>{children}</div>;
}
