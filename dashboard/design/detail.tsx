/** Parts of a detail view. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import css from './detail.module.css';

/** What it is, at a glance; `children` are badges. */
export function Summary({ text, children }: { readonly text: string | null; readonly children: ReactNode }) {
  return (
    <div className={css.summary}>
      <div>{children}</div>
      {text && <Prose text={text} />}
    </div>
  );
}

export function Facts({ facts }: { readonly facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Part({ title, actions, children }: { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={css.part}>
      <header>
        <h3>{title}</h3>
        {actions}
      </header>
      {children}
    </section>
  );
}

interface VerbatimProps {
  readonly label: string;
  readonly text: string;
  /** Where all of it has to be in sight at once. */
  readonly isWrapped?: boolean;
}

/** Text as it is: logs, manifests, links. */
export function Verbatim({ label, text, isWrapped = false }: VerbatimProps) {
  return (
    <pre className={`${css.verbatim} ${isWrapped ? css.wrapped : ''}`} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

export const Prose = ({ text }: { readonly text: string }) => <p className={css.prose}>{text}</p>;

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
  readonly kind?: 'plain' | 'primary';
}

/** How long a button says what came of it. */
const tellingMs = 3_000;

export function CopyButton({ text, label = 'Copy', kind = 'plain' }: CopyButtonProps) {
  const [tried, setTried] = useState<{ readonly text: string; readonly isCopied: boolean }>();
  useEffect(() => {
    const over = setTimeout(() => setTried(undefined), tellingMs);
    return () => clearTimeout(over);
  }, [tried]);
  // Without HTTPS a browser has no clipboard for pages; the text can still be marked.
  if (!('clipboard' in navigator)) return null;
  const copy = async (): Promise<void> => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setTried({ text, isCopied });
  };
  // What is shown may have changed since.
  const now = tried?.text === text ? tried : undefined;
  return (
    <Button kind={kind} icon={now?.isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} onClick={() => void copy()}>
      {now === undefined ? label : now.isCopied ? 'Copied' : 'Not copied'}
    </Button>
  );
}
