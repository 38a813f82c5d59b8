/** Reads and writes the Secrets that people edit. No value leaves this file but into the Secret. */
import { sourceOf, type KeyName, type SourceName } from '../../shared/credential/keyring.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { encodeEntry, objectPath, type Secret } from '../../shared/kube/objects.ts';
import { annotationPrefix } from '../model/names.ts';
import { sourceSecretName } from '../model/release.ts';
import type { Request } from '../model/snapshot.ts';
import { isExternal } from '../observe/releases.ts';
import { CommandError, refusal } from './exit.ts';
import type { Session } from './session.ts';

/** How often a write is tried again after somebody else wrote something beside the value. */
const attempts = 5;

async function readSource({ client, release }: Session, source: SourceName): Promise<Secret> {
  const name = sourceSecretName(source, release);
  try {
    return await client.get<Secret>(objectPath('secrets', release.namespace, name));
  } catch (error) {
    if (remedyFor(error) !== 'missing') throw error;
    throw new CommandError('refused', `there is no Secret ${name} in the namespace ${release.namespace}, so there is nothing to rotate`);
  }
}

/** Throws for a Secret of another tool, too. */
export async function readOwnSource(session: Session, source: SourceName): Promise<Secret> {
  const secret = await readSource(session, source);
  if (!isExternal(source, secret.metadata, session.release)) return secret;
  throw refusal(`the Secret ${secret.metadata.name} belongs to another tool: change it at the source. The operator rolls out what arrives in it; nothing was changed`);
}

/** Throws for a Secret into which the API server lets nobody write. */
function demandMutable({ immutable, metadata: { name, namespace } }: Secret): void {
  if (!immutable) return;
  throw refusal(
    `the Secret ${name} is immutable, so no new value can be written into it: delete it (\`kubectl delete secret ${name} -n ${namespace}\`), and the operator puts its own keys back in one that can be changed, but no other entries; nothing was changed`,
  );
}

/** Writes a new value, and asks to revoke a generation in the same write; returns the resourceVersion. */
export async function writeValue(
  session: Session,
  key: KeyName,
  value: string,
  revoke: string | undefined,
): Promise<string> {
  const { client, release } = session;
  const entry = release.entries[key];
  const first = await readOwnSource(session, sourceOf(key));
  demandMutable(first);
  for (let attempt = 1, secret = first; ; attempt += 1, secret = await readSource(session, sourceOf(key))) {
    if (secret.data?.[entry] !== first.data?.[entry]) {
      throw refusal(`somebody else changed ${key} at the same moment; nothing was changed. Look at \`kure-bootstrap status\` first`);
    }
    const { name, namespace = '', resourceVersion } = secret.metadata;
    const annotations = revoke === undefined ? {} : { [`${annotationPrefix}revoke`]: revoke };
    try {
      const body = { metadata: { resourceVersion, annotations }, data: { [entry]: encodeEntry(value) } };
      return (await client.patch<Secret>(objectPath('secrets', namespace, name), 'merge', body)).metadata.resourceVersion;
    } catch (error) {
      if (remedyFor(error) !== 'conflict' || attempt === attempts) throw error;
    }
  }
}

/** Sets or (with null) removes an annotation that asks the operator for something; returns the resourceVersion. */
export async function annotate({ client, release }: Session, request: Request | 'pause', value: string | null): Promise<string> {
  const { namespace, bootstrapSecret } = release;
  const body = { metadata: { annotations: { [annotationPrefix + request]: value } } };
  return (await client.patch<Secret>(objectPath('secrets', namespace, bootstrapSecret), 'merge', body)).metadata.resourceVersion;
}
