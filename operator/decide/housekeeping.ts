/** What the operator keeps in order on the Secrets when nothing else needs a write there. */
import { isRotating, sourceNames } from '../../shared/credential/keyring.ts';
import type { Action } from '../model/action.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * A render mark that speaks of other values could speak of these again one day, when a person has chosen them: it goes.
 * Values that another manager owns would make Helm 4 refuse a rollback: Helm gets them back.
 */
export function keepInOrder({ sources, keyring }: Snapshot): Action[] {
  return [...takeKeyring(keyring), ...keepSourcesInOrder(sources)];
}

/**
 * By the keyring alone an operator of cluster scope knows a release whose bootstrap Secret is deleted. Each write of it says who
 * serves the release, so a rotation needs none beside its own.
 */
function takeKeyring(found: Snapshot['keyring']): Action[] {
  if (!found?.namesAnother || Object.values(found.keyring.keys).some(isRotating)) return [];
  const { resourceVersion, keyring } = found;
  return [{ kind: 'WriteKeyring', resourceVersion, keyring, notices: [] }];
}

function keepSourcesInOrder(sources: Snapshot['sources']): Action[] {
  return sourceNames.flatMap((source): Action[] => {
    const secret = sources[source];
    if (!secret || secret.external) return [];
    const { resourceVersion, hasRenderMark, isBlindRender, ownership } = secret;
    if (hasRenderMark && !isBlindRender) {
      return [{ kind: 'WriteSource', source, resourceVersion, identity: undefined, values: {}, consumed: [], dropsMark: true, notices: [] }];
    }
    return ownership ? [{ kind: 'Disown', source, resourceVersion, ownership, notices: [] }] : [];
  });
}
