/** Who makes up the values of a release: the three kinds that the chart knows. */
import type { SourceName } from '../../shared/credential/keyring.ts';
import { fernetKeyOf } from '../scale/harness/values.ts';

export const releaseName = 'kure-monitor';

export interface Mode {
  readonly name: string;
  /** Of the chart. */
  readonly values: object;
  /** The Secrets that people, or their tools, edit. */
  readonly sources: Readonly<Record<SourceName, string>>;
  /** Field manager of an edit. */
  readonly editor: string;
}

const own = { bootstrap: `${releaseName}-bootstrap`, encryption: `${releaseName}-encryption` };

/** Made by the test as External Secrets Operator would. */
export const vaultSecret = 'from-vault';

export const modes: readonly Mode[] = [
  { name: 'chart', values: {}, sources: own, editor: 'kubectl-edit' },
  {
    name: 'operator',
    values: { bootstrap: { generator: 'operator' }, security: { encryptionKey: fernetKeyOf('given') } },
    sources: own,
    editor: 'kubectl-edit',
  },
  {
    name: 'existingSecret',
    values: { bootstrap: { existingSecret: vaultSecret } },
    sources: { ...own, bootstrap: vaultSecret },
    editor: 'external-secrets',
  },
];
