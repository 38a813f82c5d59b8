import { useState } from 'react';
import { Choice } from '../design/field.tsx';
import { chooseTheme, chosenTheme, type Theme } from '../design/theme.ts';

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (value: string): void => {
    chooseTheme(value as Theme);
    setTheme(chosenTheme());
  };
  return (
    <Choice label="Theme" value={theme} onChoose={choose}>
      <option value="system">Theme: system</option>
      <option value="light">Theme: light</option>
      <option value="dark">Theme: dark</option>
    </Choice>
  );
}
