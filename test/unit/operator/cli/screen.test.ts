import { describe, expect, it } from 'vitest';
import { screenOn } from '../../../../operator/cli/screen.ts';

function written(isTTY: boolean, env: Record<string, string>, format: 'text' | 'json', use: (screen: ReturnType<typeof screenOn>) => void): string {
  const parts: string[] = [];
  const stream = { isTTY, columns: 20, write: (text: string) => parts.push(text) > 0 };
  use(screenOn(stream, env, format));
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

  it('prints the document alone where JSON is asked for', () => {
    const text = written(true, {}, 'json', (screen) => {
      screen.print('a line');
      screen.draw(['a picture']);
      screen.document({ phase: 'Stable' });
    });
    expect(JSON.parse(text)).toEqual({ phase: 'Stable' });
  });

  it('prints no document where text is asked for', () => {
    expect(written(false, {}, 'text', (screen) => screen.document({}))).toBe('');
  });
});
