/** The screens that pictures are made on, and where they go. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import type { Visitor } from '../page/visitor.ts';

/** Names the folder. */
export const folderVariable = 'SCREENSHOTS';

const devices = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const;

export interface Frame {
  readonly name: string;
  readonly options: BrowserContextOptions;
}

export const frames: readonly Frame[] = (['light', 'dark'] as const).flatMap((colorScheme) =>
  Object.entries(devices).map(([device, options]) => ({ name: `${device}-${colorScheme}`, options: { ...options, colorScheme, reducedMotion: 'reduce' } })),
);

export const isPhone = ({ options }: Frame): boolean => options.isMobile === true;

/** Long lists have only the rows in sight, and behind a dialog nothing is to be seen. */
const tallest = 2_000;

/** `<folder>/<situation>.<frame>.png`, the whole page where it is not too tall. */
export async function picture({ page }: Visitor, situation: string, frame: Frame): Promise<void> {
  const folder = process.env[folderVariable] ?? 'dist/screenshots';
  mkdirSync(folder, { recursive: true });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  const fullPage = height < tallest && (await page.getByRole('dialog').count()) === 0;
  if (fullPage) await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path: join(folder, `${situation}.${frame.name}.png`), fullPage });
}
