/** Which values may be a credential at all. The rules are those of `docs/operations.md`, "A valid value". */

const minLength = 32;
const maxLength = 512;

const printableAsciiWithoutSpaces = /^[\x21-\x7e]*$/;
const placeholder = /^(change-?me|replace-?me|your-?token|example|placeholder|todo|xxx+)/i;

/**
 * Says in one sentence why `value` cannot be a credential, or undefined if it can.
 * The sentence never contains the value. `others` are the values of the other keys of the same Secret.
 */
export function whyInvalid(value: string, others: readonly string[] = []): string | undefined {
  if (value === '') return 'it is empty';
  if (/[\r\n]$/.test(value)) return 'it ends in a line break (use `echo -n` or `printf` when you encode it)';
  if (!printableAsciiWithoutSpaces.test(value)) return 'it has characters other than printable ASCII without spaces';
  if (value.length < minLength) return `it is shorter than ${minLength} characters`;
  if (value.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (placeholder.test(value) || new Set(value).size === 1) return 'it looks like a placeholder';
  if (others.includes(value)) return 'it is the same as the value of another key';
  return undefined;
}
