/** Keys as arguments of commands. */
import { Argument } from 'commander';
import { keyNames } from '../../shared/credential/keyring.ts';

export const keyArgument = (description: string): Argument => new Argument('[key]', description).choices(keyNames);
