/** What a new account must be; the backend checks the same once more. */
export interface AccountDraft {
  readonly username: string;
  readonly password: string;
  readonly again: string;
}

export interface AccountMistakes {
  readonly username?: string;
  readonly password?: string;
  readonly again?: string;
}

const nameLengths = { min: 3, max: 64 };
const minPasswordLength = 8;
export const passwordHint = `At least ${minPasswordLength} characters`;

/** Empty: there is none. */
export function mistakesOf({ username, password, again }: AccountDraft): AccountMistakes {
  const { length } = username.trim();
  const isNameWrong = length < nameLengths.min || length > nameLengths.max;
  return {
    ...(isNameWrong && { username: `Give ${nameLengths.min} to ${nameLengths.max} characters.` }),
    ...passwordMistakes({ password, again }),
  };
}

export function passwordMistakes({ password, again }: Pick<AccountDraft, 'password' | 'again'>): Pick<AccountMistakes, 'password' | 'again'> {
  return {
    ...(password.length < minPasswordLength && { password: `Give at least ${minPasswordLength} characters.` }),
    ...(password !== again && { again: 'The two passwords differ. Type the same one twice.' }),
  };
}
