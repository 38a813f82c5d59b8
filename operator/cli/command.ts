/** What all commands have in common: how they explain themselves, and what they are given. */
import { Command } from 'commander';
import { exitCodes, type Exit } from './exit.ts';
import type { Screen } from './screen.ts';
import type { Session } from './session.ts';

/** What the program gives to a command. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when a person or the kubelet ends the program. */
  readonly signal: AbortSignal;
  screen(command: Command): Screen;
  /** Connects and finds the release that the global options name. */
  open(command: Command): Promise<Session>;
  /** What the process ends with. */
  end(exit: Exit): void;
}

export interface Explanation {
  /** One line. */
  readonly purpose: string;
  readonly example: string;
  /** When the command ends with which exit code; 1 and 2 mean the same everywhere. */
  readonly exits: Readonly<Partial<Record<Exit, string>>>;
}

const everywhere: Readonly<Partial<Record<Exit, string>>> = {
  failure: 'a failure, as an API server that does not answer or a missing right',
  usage: 'a mistake on the command line',
};

/** Makes a command whose help has its purpose, one example and its exit codes. */
export function explained(name: string, { purpose, example, exits }: Explanation): Command {
  const meanings = { ...everywhere, ...exits };
  const codes = (Object.keys(exitCodes) as Exit[]).flatMap((exit) => {
    const meaning = meanings[exit];
    return meaning === undefined ? [] : [`  ${exitCodes[exit]}  ${meaning}`];
  });
  const help = ['', 'Example:', `  ${example}`, '', 'Exit codes:', ...codes];
  return new Command(name).description(purpose).addHelpText('after', help.join('\n'));
}
