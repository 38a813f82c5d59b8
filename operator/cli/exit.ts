/** Exit codes, the same for every command, and the error that carries one. */

export const exitCodes = {
  done: 0,
  failure: 1,
  usage: 2,
  findings: 3,
  timedOut: 4,
  refused: 5,
} as const;
export type Exit = keyof typeof exitCodes;

/** Ends the command with this code; the message says what to do next and never holds a value. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: Exit;

  constructor(exit: Exit, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** What was asked for makes no sense now; nothing was changed. */
export const refusal = (message: string): CommandError => new CommandError('refused', message);
