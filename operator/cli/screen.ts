/** Where a command writes: plain lines, JSON documents, and on a terminal colours and a block that is drawn anew. */
import { stripVTControlCharacters, styleText } from 'node:util';

export type Format = 'text' | 'json';
export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

export interface Screen {
  readonly format: Format;
  /** A terminal that may be drawn on. */
  readonly moves: boolean;
  /** Lines for people; nothing where JSON was asked for. */
  print(...lines: readonly string[]): void;
  /** A line for people beside the output, on the standard error; nothing where JSON was asked for. */
  note(line: string): void;
  /** A document for programs; nothing where text was asked for. `compact`: one line, for a stream of them. */
  document(value: unknown, compact?: boolean): void;
  /** Replaces the block that was drawn last; only where the screen moves. */
  draw(lines: readonly string[]): void;
  /** Leaves the block where it is. */
  settle(): void;
  readonly paint: (style: Style, text: string) => string;
}

/** `env`: NO_COLOR ends colours and motion, as no-color.org has it. */
export function screenOn(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns' | 'rows'>,
  env: Readonly<Record<string, string | undefined>>,
  format: Format,
  errors: Pick<NodeJS.WriteStream, 'write'>,
): Screen {
  const moves = stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && format === 'text';
  let drawn = 0;
  return {
    format,
    moves,
    print(...lines) {
      if (format === 'text') stream.write(lines.map((line) => `${line.trimEnd()}\n`).join(''));
    },
    note(line) {
      if (format === 'text') errors.write(`${line}\n`);
    },
    document(value, compact = false) {
      if (format === 'json') stream.write(`${JSON.stringify(value, undefined, compact ? 0 : 2)}\n`);
    },
    draw(lines) {
      if (!moves) return;
      // A line that wraps, or has left the screen at its top, would leave a rest behind.
      const { columns, rows } = stream;
      const fitting = fit(lines, columns || usualSize.columns, rows || usualSize.rows);
      const back = drawn === 0 ? '' : `\u{1b}[${drawn}A`;
      stream.write(`${back}\r\u{1b}[J${fitting.map((line) => `${line}\n`).join('')}`);
      drawn = fitting.length;
    },
    settle() {
      drawn = 0;
    },
    paint: (style, text) => (moves ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Of a terminal that does not say, as one of `script` or of some CI. */
const usualSize = { columns: 80, rows: 24 };

/** The cursor stands below the last line. */
function fit(lines: readonly string[], columns: number, rows: number): string[] {
  const shown = Math.max(0, rows - 2);
  const low = lines.length < rows ? lines : [...lines.slice(0, shown), `… ${lines.length - shown} more lines`];
  return low.map((line) => (visibleLength(line) < columns ? line : cut(line, columns - 1)));
}

const visibleLength = (line: string): number => stripVTControlCharacters(line).length;
const cut = (line: string, columns: number): string => `${stripVTControlCharacters(line).slice(0, columns - 1)}…`;
