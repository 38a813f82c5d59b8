/** A manifest as a language model gets it: what somebody has written, without bookkeeping and without secrets. */
import { dump, load } from 'js-yaml';
import { lastAppliedAnnotation } from '../../shared/kube/objects.ts';
import { redactValue } from './redaction.ts';

type Fields = Record<string, unknown>;

/** Also as Python's client writes them, which upstream's agent uses. */
const bookkeeping = new Set(
  ['managedFields', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink', 'ownerReferences', 'generateName'].flatMap(
    (name) => [name, name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)],
  ),
);
/** Kinds that consist of settings, some of them secret. */
const holdsData = new Set(['Secret', 'ConfigMap']);
const dataFields = ['data', 'stringData', 'string_data', 'binaryData', 'binary_data'];

/** Empty where the text is no manifest: what cannot be read cannot be redacted. */
export function manifestToSend(yaml: string): string {
  const manifest = parseManifest(yaml);
  if (!manifest) return '';
  const { status: _, ...written } = manifest;
  const { metadata } = written;
  const kept = isFields(metadata) ? { ...written, metadata: withoutBookkeeping(metadata) } : written;
  return writeManifest(redactValue(withoutData(kept)) as Fields);
}

/** One form for all, so that what differs between two is what was changed. */
export const writeManifest = (manifest: Fields): string => dump(manifest, { noRefs: true, lineWidth: 120 });

/** undefined for what is no single object in YAML. */
export function parseManifest(yaml: string): Fields | undefined {
  try {
    // What refers to itself has no end.
    const manifest = load(yaml, { maxAliases: 0 });
    return isFields(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function withoutBookkeeping({ annotations, ...metadata }: Fields): Fields {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !bookkeeping.has(name)));
  if (!isFields(annotations)) return kept;
  const { [lastAppliedAnnotation]: _, ...others } = annotations;
  return { ...kept, ...(Object.keys(others).length > 0 && { annotations: others }) };
}

function withoutData(manifest: Fields): Fields {
  if (!holdsData.has(String(manifest['kind']))) return manifest;
  const hidden = dataFields.flatMap((field) => {
    const data = manifest[field];
    return isFields(data) ? [[field, Object.fromEntries(Object.keys(data).map((name) => [name, '[redacted]']))]] : [];
  });
  return { ...manifest, ...Object.fromEntries(hidden) };
}

const isFields = (found: unknown): found is Fields => typeof found === 'object' && found !== null && !Array.isArray(found);
