import type { ComponentProps, ReactNode } from 'react';
import css from './button.module.css';

/** `warn` takes something away; `danger` does so for good. */
type Kind = 'primary' | 'plain' | 'quiet' | 'warn' | 'danger';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly kind?: Kind;
  readonly icon?: ReactNode;
  readonly isBusy?: boolean;
}

/** While it is busy it says so and does nothing, and keeps the focus. */
export function Button({ kind = 'plain', icon, isBusy = false, children, onClick, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={isBusy ? 'button' : type}
      className={`${css.button} ${css[kind]}`}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? undefined : onClick}
    >
      {isBusy ? <span className={css.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'aria-label' | 'children'> {
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, children, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} className={css.icon} aria-label={label} title={label}>
      {children}
    </button>
  );
}
