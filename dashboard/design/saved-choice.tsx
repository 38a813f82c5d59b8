import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Choice } from './field.tsx';
import { Buttons } from './page.tsx';
import { Failed } from './states.tsx';

interface SavedChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled: boolean;
  /** Resolves when `value` is the saved one. */
  readonly onSave: (value: string) => Promise<unknown>;
  /** Options. */
  readonly children: ReactNode;
}

/** A choice that takes effect when it is saved: an arrow key alone changes nothing. */
export function SavedChoice({ label, value, isDisabled, onSave, children }: SavedChoiceProps) {
  const [chosen, setChosen] = useState(value);
  const [saved, setSaved] = useState(value);
  // Somebody has saved another one.
  if (saved !== value) {
    setSaved(value);
    setChosen(value);
  }
  const work = useMutation({ mutationFn: onSave });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // The button goes away.
        event.currentTarget.querySelector('select')?.focus();
        work.mutate(chosen);
      }}
    >
      <Buttons>
        <Choice label={label} value={chosen} disabled={isDisabled} onChoose={setChosen}>
          {children}
        </Choice>
        {chosen !== value && (
          <Button kind="primary" type="submit" aria-label={`Save: ${label}`} isBusy={work.isPending}>
            Save
          </Button>
        )}
        {work.isError && chosen !== value && <Failed error={work.error} />}
      </Buttons>
    </form>
  );
}
