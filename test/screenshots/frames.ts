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

/** `<folder>/<situation>.<frame>.png`; a long list is cut off where the screen ends. */
export async function picture({ page }: Visitor, situation: string, frame: Frame): Promise<void> {
  const folder = process.env[folderVariable] ?? 'dist/screenshots';
  mkdirSync(folder, { recursive: true });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.screenshot({ path: join(folder, `${situation}.${frame.name}.png`), fullPage: height < 4_000 });
}
