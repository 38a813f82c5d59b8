import { useId, type ComponentProps, type ReactNode } from 'react';
import css from './field.module.css';

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Says what is wrong and what to do, in place of the hint. */
  readonly mistake?: string | undefined;
}

function Frame({ id, label, hint, mistake, children }: Labelled & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && mistake === undefined && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
      {mistake !== undefined && (
        <p id={`${id}-mistake`} className={css.mistake}>
          {mistake}
        </p>
      )}
    </div>
  );
}

const describe = (id: string, { hint, mistake }: Labelled) => ({
  id,
  'aria-invalid': mistake !== undefined || undefined,
  'aria-describedby': mistake !== undefined ? `${id}-mistake` : hint !== undefined ? `${id}-hint` : undefined,
});

interface TextFieldProps extends Labelled, Omit<ComponentProps<'input'>, 'className' | 'id' | 'list'> {
  /** Offered while somebody types; anything else may be typed, too. */
  readonly suggestions?: readonly string[] | undefined;
}

export function TextField({ label, hint, mistake, suggestions, ...rest }: TextFieldProps) {
  const id = useId();
  const labelled = { label, hint, mistake };
  return (
    <Frame id={id} {...labelled}>
      <input {...rest} className={css.input} {...describe(id, labelled)} list={suggestions && `${id}-suggestions`} />
      {suggestions && (
        <datalist id={`${id}-suggestions`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

export function SelectField({ label, hint, mistake, ...rest }: Labelled & Omit<ComponentProps<'select'>, 'className' | 'id'>) {
  const id = useId();
  const labelled = { label, hint, mistake };
  return (
    <Frame id={id} {...labelled}>
      <select {...rest} className={css.input} {...describe(id, labelled)} />
    </Frame>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export function SearchField({ label, value, onChange }: SearchProps) {
  return (
    <input
      type="search"
      className={`${css.input} ${css.search}`}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ChoiceProps extends Omit<ComponentProps<'select'>, 'className' | 'onChange' | 'aria-label'> {
  readonly label: string;
  readonly onChoose: (value: string) => void;
}

/** A choice in a toolbar: its label is for screen readers. */
export function Choice({ label, onChoose, ...rest }: ChoiceProps) {
  return (
    <select {...rest} className={`${css.input} ${css.choice}`} aria-label={label} onChange={(event) => onChoose(event.target.value)} />
  );
}

export function Switch({ label, ...rest }: { readonly label: string } & Omit<ComponentProps<'input'>, 'className' | 'type'>) {
  return (
    <label className={css.switch}>
      <input {...rest} type="checkbox" role="switch" />
      {label}
    </label>
  );
}
