import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tellingWait } from '../../../../operator/cli/patience.ts';
import { screenOn } from '../../../../operator/cli/screen.ts';

const notes: string[] = [];
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);
const after = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

function written(
  isTTY: boolean,
  env: Record<string, string>,
  format: 'text' | 'json',
  use: (screen: ReturnType<typeof screenOn>) => void,
  size = { columns: 20, rows: 5 },
): string {
  const parts: string[] = [];
  const stream = { isTTY, ...size, write: (text: string) => parts.push(text) > 0 };
  use(screenOn(stream, env, format, { write: (text: string) => notes.push(text) > 0 }));
  return parts.join('');
}

const escape = '\u{1b}';

describe('a screen', () => {
  it('paints and draws on a terminal', () => {
    const text = written(true, {}, 'text', (screen) => {
      screen.draw(['one', 'two']);
      screen.draw([screen.paint('green', 'three')]);
    });
    expect(text).toBe(`\r${escape}[Jone\ntwo\n${escape}[2A\r${escape}[J${escape}[32mthree${escape}[39m\n`);
  });

  it.each([
    ['is no terminal', false, {}],
    ['NO_COLOR is set', true, { NO_COLOR: '1' }],
    ['the terminal is dumb', true, { TERM: 'dumb' }],
  ])('is plain where it %s', (_why, isTTY, env) => {
    const text = written(isTTY, env, 'text', (screen) => {
      screen.draw(['a picture']);
      screen.print(screen.paint('red', 'a line'));
    });
    expect(text).toBe('a line\n');
  });

  it('cuts a drawn line that would wrap', () => {
    expect(written(true, {}, 'text', (screen) => screen.draw(['x'.repeat(40)]))).toContain(`${'x'.repeat(18)}…\n`);
  });

  it('draws no more than is on the screen, so that it can draw over it', () => {
    const text = written(true, {}, 'text', (screen) => {
      screen.draw(numbers(4));
      screen.draw(numbers(9));
      screen.draw(['end']);
    });
    expect(text.split(`${escape}[J`).slice(1)).toEqual([
      `line 0\nline 1\nline 2\nline 3\n${escape}[4A\r`,
      `line 0\nline 1\nline 2\n… 6 more lines\n${escape}[4A\r`,
      'end\n',
    ]);
  });

  it('takes a terminal that does not say its size for one of 80 columns and 24 lines', () => {
    const text = written(true, {}, 'text', (screen) => screen.draw(['x'.repeat(100), ...Array<string>(30).fill('y')]), { columns: 0, rows: 0 });
    expect(text).toContain(`${'x'.repeat(78)}…\n`);
    expect(text.trimEnd().split('\n')).toHaveLength(23);
  });

  it('prints the document alone where JSON is asked for', () => {
    const text = written(true, {}, 'json', (screen) => {
      screen.print('a line');
      screen.draw(['a picture']);
      screen.document({ phase: 'Stable' });
    });
    expect(JSON.parse(text)).toEqual({ phase: 'Stable' });
  });

  it('says beside its output, to people alone, what takes long', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const out = written(false, {}, 'text', (screen) => {
      void tellingWait(screen, 'for what is quick', after(1_000));
      void tellingWait(screen, 'for an answer', after(3_000));
    });
    const json = written(false, {}, 'json', (screen) => void tellingWait(screen, 'for a program', after(3_000)));
    await vi.advanceTimersByTimeAsync(10_000);
    expect({ out, json, notes }).toEqual({ out: '', json: '', notes: ['waiting for an answer\n'] });
  });

  it('prints no document where text is asked for', () => {
    expect(written(false, {}, 'text', (screen) => screen.document({}))).toBe('');
  });
});
