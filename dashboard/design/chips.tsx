import css from './chips.module.css';
import type { Tone } from './tone.ts';

export interface Chip {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly tone?: Tone;
}

interface ChipsProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Chip[];
  readonly onChoose: (value: string) => void;
}

/** A choice of one, each with how many it leaves. */
export function Chips({ label, value, choices, onChoose }: ChipsProps) {
  return (
    <div className={css.chips} role="group" aria-label={label}>
      {choices.map((chip) => (
        <button key={chip.value} type="button" data-tone={chip.tone} aria-pressed={chip.value === value} onClick={() => onChoose(chip.value)}>
          {chip.label} <b>{chip.count.toLocaleString('en')}</b>
        </button>
      ))}
    </div>
  );
}
