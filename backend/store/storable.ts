/** What the text of PostgreSQL cannot hold, as it will be read again: the character 0, and halves of surrogate pairs. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}').toWellFormed();
}
