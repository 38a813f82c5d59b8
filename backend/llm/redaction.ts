/**
 * Takes out what looks like a secret before a text leaves for a language model or a channel: by the name it stands under, by the shapes
 * that tokens have, and whatever is long and random. A secret in plain words under no name is not recognized.
 */
const redacted = '[redacted]';

/** Parts of names that hold secrets, in environments, settings, flags and headers. */
const secretWord =
  '(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|credential|authorization|cookie|connection[_-]?string)';
const secretName = `[\\w.-]{0,64}${secretWord}[\\w.-]{0,64}`;
/** JSON inside of JSON has backslashes before its quotes; where a line was cut off the second quote is missing. */
const quotes = `[\\\\"']{0,4}`;
/** Values end where a space or a separator does; quoted ones with their quote. */
const value = `(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|${quotes}[^\\s"',;&\\\\]+)`;

/** What stands there instead of a secret, and what the rules before have left. */
const harmless = '(?:true|false|null|none)\\b|[ \\t]*\\[redacted\\]|(?:Bearer|Basic) ';

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]+-----[^]*?(?:-----END [A-Z ]+-----|$)/g, redacted],
  // The last lines of a log may begin inside of one.
  [/^[A-Za-z0-9+/=\s]*-----END [A-Z ]+-----/, redacted],
  [/\b([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/@:]{0,256}:[^\s@]{1,256}@/gi, `$1${redacted}@`],
  [/\b(Bearer|Basic) +[\w.~+/=-]{6,}/gi, `$1 ${redacted}`],
  [new RegExp(`(?<![\\w.-])(${secretName}${quotes}[ \\t]*[=:][ \\t]*)(?!${harmless})${value}`, 'gi'), `$1${redacted}`],
  [new RegExp(`(?<![\\w.-])(--?${secretName} +)(?!-)${value}`, 'gi'), `$1${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|AIza)[\w-]{16,}/g, redacted],
  [/(\bhooks\.slack\.com\/services\/)\S+/g, `$1${redacted}`],
  // Random in letters of both kinds and digits, or in hexadecimal digits; digests of images are no secret.
  [/(?<![\w+=-])(?=[\w+=-]*[a-z])(?=[\w+=-]*[A-Z])(?=(?:[A-Za-z_+=-]*\d){3})[\w+=-]{24,}/g, redacted],
  [/(?<![\w-]|sha256:|:\/\/)[0-9a-f]{32,}\b/gi, redacted],
];

export function redactText(text: string): string {
  return rules.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
}

const secretField = new RegExp(secretWord, 'i');
/** `secretName: database` says where a secret is, not what it is. */
const referenceField = /(name|ref|path)s?$/i;
const flag = new RegExp(`^--?${secretName}$`, 'i');

/** Values of a document that was YAML or JSON, the names of their fields considered. Nulls are left out. */
export function redactValue(found: unknown, field = ''): unknown {
  if (typeof found === 'string') return isSecretField(field) ? redacted : redactText(found);
  if (Array.isArray(found)) return found.map((item, index) => (isArgumentOf(found[index - 1]) ? redacted : redactValue(item, field)));
  if (typeof found !== 'object' || found === null) return found;
  const entries = Object.entries(found).filter(([, part]) => part !== null);
  // Environment variables and headers.
  const isNamedValue = 'name' in found && 'value' in found;
  return Object.fromEntries(entries.map(([name, part]) => [name, isNamedValue && name === 'value' ? redacted : redactValue(part, name)]));
}

const isSecretField = (field: string): boolean => secretField.test(field) && !referenceField.test(field);

const isArgumentOf = (before: unknown): boolean => typeof before === 'string' && flag.test(before);
