import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { chooseTheme, chosenTheme, type Theme } from '../design/theme.ts';
import css from './shell.module.css';

const themes = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const;

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <div className={css.themes} role="group" aria-label="Theme">
      {themes.map(([name, Icon]) => (
        <button key={name} type="button" aria-label={`Theme: ${name}`} title={`Theme: ${name}`} aria-pressed={theme === name} onClick={() => choose(name)}>
          <Icon aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}
