// OCI images as values: layers, a config, a manifest, and one archive of many
// images that share their layers. Layers are not compressed: they never travel.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileEntry, tar, type Entry } from './tar.ts';

export type Blob = { mediaType: string; digest: string; size: number; read: () => Buffer };

export type ImageSettings = {
  name: string;
  layers: Blob[];
  entrypoint: string[];
  user?: string;
  labels?: Record<string, string>;
  workingDir?: string;
  env?: Readonly<Record<string, string>>;
};

export type Image = { name: string; manifest: Blob; blobs: Blob[] };

const type = {
  config: 'application/vnd.oci.image.config.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
};

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

const blob = (mediaType: string, content: Buffer): Blob => ({
  mediaType,
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  size: content.length,
  read: () => content,
});

const json = (mediaType: string, value: object): Blob => blob(mediaType, Buffer.from(JSON.stringify(value)));

export const layerOf = (entries: Iterable<Entry>): Blob => blob(type.layer, Buffer.concat([...tar(entries)]));

/** A layer kept in a file whose digest is known, so that nothing is read until it is written somewhere. */
export const layerIn = (file: string, digest: string, size: number): Blob => ({
  mediaType: type.layer,
  digest,
  size,
  read: () => readFileSync(file),
});

const descriptor = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size });

export function buildImage({ name, layers, entrypoint, user, labels, workingDir, env = {} }: ImageSettings): Image {
  const config = json(type.config, {
    architecture,
    os: 'linux',
    config: {
      Entrypoint: entrypoint,
      User: user,
      Labels: labels,
      WorkingDir: workingDir ?? '/',
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  const manifest = json(type.manifest, {
    schemaVersion: 2,
    mediaType: type.manifest,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { name, manifest, blobs: [manifest, config, ...layers] };
}

export function* archive(images: Image[]): Generator<Buffer> {
  yield* tar(archiveEntries(images));
}

function* archiveEntries(images: Image[]): Generator<Entry> {
  const manifests = images.map(({ name, manifest }) => ({
    ...descriptor(manifest),
    annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name },
  }));
  const blobs = new Map(images.flatMap((image) => image.blobs).map((each) => [each.digest, each]));
  yield fileEntry('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  yield fileEntry('index.json', json(type.index, { schemaVersion: 2, mediaType: type.index, manifests }).read());
  for (const { digest, read } of blobs.values()) yield fileEntry(`blobs/${digest.replace(':', '/')}`, read());
}
