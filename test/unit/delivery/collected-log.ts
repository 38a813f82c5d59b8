/** A real logger whose lines a test can read. */
import { pino, type Logger } from 'pino';

export interface CollectedLog {
  readonly log: Logger;
  /** Everything written so far. */
  text(): string;
  /** The messages of all lines, in order. */
  messages(): string[];
}

export function collectLog(): CollectedLog {
  const lines: string[] = [];
  const log = pino({ level: 'trace', messageKey: 'message' }, { write: (line: string) => void lines.push(line) });
  return {
    log,
    text: () => lines.join(''),
    messages: () => lines.map((line) => (JSON.parse(line) as { message: string }).message),
  };
}
