import type { ComponentProps } from 'react';
import css from './form.module.css';

interface FormProps extends Omit<ComponentProps<'form'>, 'className' | 'onSubmit'> {
  readonly onSend: (form: HTMLFormElement) => void;
}

/** Fields one below the other. They keep their own values, which are read when the form is sent. */
export function Form({ onSend, ...rest }: FormProps) {
  return (
    <form
      {...rest}
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(event.currentTarget);
      }}
    />
  );
}

/** What was typed into a field; empty for a field that is not there. */
export function formText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

/** Puts the focus on the first field with a mistake, by its name. Returns whether there is one. */
export function focusMistake(form: HTMLFormElement, mistakes: object): boolean {
  const [first] = Object.keys(mistakes);
  if (first === undefined) return false;
  form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  return true;
}
