/** Edits the bootstrap Secret as a person does: the real `kubectl edit`, with an editor that types a new value. */
import { newLetters } from '../../shared/credential/new-value.ts';
import type { Release } from './release.ts';

export interface Edit {
  /** Milliseconds since the epoch, when `kubectl edit` began to write. */
  readonly at: number;
  /** Of the bootstrap Secret after the edit. */
  readonly resourceVersion: string;
}

/** The new values reach the editor by its environment, so that no command line shows them. */
export async function editSecret(release: Release, keys: readonly string[]): Promise<Edit> {
  const secret = `${release.name}-bootstrap`;
  const values = Object.fromEntries(keys.map((key) => [key, Buffer.from(newLetters()).toString('base64')]));
  const editor = `${process.execPath} ${import.meta.dirname}/editor.ts`;
  const at = Date.now();
  await release.kubectl(['edit', 'secret', secret], { env: { KUBE_EDITOR: editor, NEW_VALUES: JSON.stringify(values) } });
  const { metadata } = await release.get<{ metadata: { resourceVersion: string } }>('secret', secret);
  return { at, resourceVersion: metadata.resourceVersion };
}
