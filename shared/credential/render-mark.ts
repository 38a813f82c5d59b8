/** The mark of a source Secret whose values a renderer made up, because it could not see the ones in the cluster. */
import { hash } from 'node:crypto';
import { keysOf, type KeyName, type SourceName } from './keyring.ts';

export const renderMarkAnnotation = 'bootstrap.kure.io/rendered';

/** What the chart makes up: 48 letters and digits, or a Fernet key. */
const generated: Readonly<Record<SourceName, RegExp>> = { bootstrap: /^[A-Za-z0-9]{48}$/, encryption: /^[A-Za-z0-9_-]{43}=$/ };

export interface Marked {
  readonly source: SourceName;
  /** Name of the release. */
  readonly release: string;
  readonly values: Readonly<Partial<Record<KeyName, string | undefined>>>;
}

/** The mark is on exactly these values, and they look like generated ones: an edited value never carries it. */
export function isBlindRender(mark: string | undefined, { source, release, values }: Marked): boolean {
  const marked = keysOf[source].map((key) => values[key] ?? '');
  return marked.every((value) => generated[source].test(value)) && mark === hash('sha256', [release, ...marked].join('\n'), 'hex');
}
