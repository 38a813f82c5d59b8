/** A yes or no in a query, in the ways that Kure Monitor 2.3 takes one: Python's clients write `True`. */
import { Type } from 'typebox';

const yes = ['true', 't', 'yes', 'y', 'on', '1'];
const no = ['false', 'f', 'no', 'n', 'off', '0'];
const eitherCase = (word: string): string => word.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);

export const Flag = Type.String({
  pattern: `^(${[...yes, ...no].map(eitherCase).join('|')})$`,
  description: `one of ${yes.join(', ')}, ${no.join(', ')}, in any case`,
});

/** False for one that was not sent. */
export const isYes = (flag: string | undefined): boolean => flag !== undefined && yes.includes(flag.toLowerCase());
