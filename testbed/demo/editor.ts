/** The editor that `kubectl edit` opens: replaces the keys named in NEW_VALUES and saves. */
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2];
if (file === undefined) throw new Error('kubectl names the file to edit');
const values = JSON.parse(process.env['NEW_VALUES'] ?? '{}') as Record<string, string>;
let text = readFileSync(file, 'utf8');
for (const [key, value] of Object.entries(values)) {
  const line = new RegExp(`^  ${key}: .*$`, 'm');
  if (!line.test(text)) throw new Error(`the Secret has no key ${key}`);
  text = text.replace(line, `  ${key}: ${value}`);
}
writeFileSync(file, text);
