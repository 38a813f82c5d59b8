/** The words that name things on the screen, and those that the documentation explains. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Visitor } from './visitor.ts';

/** Headings, buttons, ways, columns, labels, facts, choices, steps and errors; what stands in rows and cells is data. */
const selectors = [
  'h1, h2, h3',
  'nav a, nav p, a[href^="#"]',
  'button:not(li > button, [aria-label=Reason] > button + button)',
  'th[scope=col], dt, label, legend',
  'option',
  'ol[aria-label] > li',
  '[data-state]',
  '[role=alert] p, [role=alert] > div, p[id$=-mistake]',
];

const collect = `(() => {
  const text = (element) => (element.innerText || element.ariaLabel || '').replaceAll(/\\s+/g, ' ').trim();
  const elements = [...document.querySelectorAll(${JSON.stringify(selectors.join(', '))})];
  const placeholders = [...document.querySelectorAll('input[placeholder]')].map((input) => input.placeholder);
  return [...elements.map(text), ...placeholders];
})()`;

/** Without counts; each once. */
export async function wordsOf({ page }: Visitor): Promise<string[]> {
  const texts = await page.evaluate<string[]>(collect);
  return [...new Set(texts.map((text) => text.replace(/ ?\(?\d[\d,]*( s)?\)?$/, '').trim()))].filter((text) => text !== '');
}

/** The headings of docs/dashboard.md, and what is set in bold there. */
export function explainedWords(): Set<string> {
  const text = readFileSync(join(import.meta.dirname, '../../docs/dashboard.md'), 'utf8');
  return new Set([...text.matchAll(/\*\*([^*]+)\*\*|^#+ (.+)$/gm)].map(([, bold, heading]) => (bold ?? heading)!.replaceAll(/\s+/g, ' ')));
}
