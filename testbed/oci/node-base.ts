// The layer under every program: Node, the C and C++ libraries it needs, the
// certificate authorities, one user without rights. No shell, no packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import { cache } from '../places.ts';
import { entriesOf } from './folder.ts';
import { layerIn, layerOf, type Blob } from './image.ts';
import { fileEntry, type Entry } from './tar.ts';

export const nonroot = 65532;

const packages = ['libc6', 'libstdc++6', 'libgcc-s1', 'ca-certificates'];
const unneeded = /^usr\/(share|sbin|bin)|\/(gconv|audit)$|^(sbin|etc\/ca-certificates)/;

/** Built once for each Node binary and kept; `nodeFile` comes from the npm package `node`. */
export async function nodeBase(nodeFile: string): Promise<Blob> {
  const kept = join(cache, 'images', `base-${await keyOf(nodeFile)}`);
  if (!existsSync(`${kept}.json`)) {
    const layer = layerOf(await entries(nodeFile));
    writeFileSync(`${kept}.tar`, layer.read());
    writeFileSync(`${kept}.draft`, JSON.stringify({ digest: layer.digest, size: layer.size }));
    renameSync(`${kept}.draft`, `${kept}.json`); // last: its presence says that the layer is whole
  }
  const { digest, size } = JSON.parse(readFileSync(`${kept}.json`, 'utf8')) as { digest: string; size: number };
  return layerIn(`${kept}.tar`, digest, size);
}

async function keyOf(nodeFile: string): Promise<string> {
  const version = await command(nodeFile, ['--version']);
  const recipe = readFileSync(import.meta.filename);
  return createHash('sha256').update(version).update(recipe).digest('hex').slice(0, 16);
}

async function entries(nodeFile: string): Promise<Entry[]> {
  const files = await debianFiles();
  const authorities = join(files, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(authorities)
    .toSorted()
    .map((name) => readFileSync(join(authorities, name)));
  const all: Entry[] = [
    ...[...entriesOf(files, '', (path) => unneeded.test(path))].filter(
      (entry) => entry.path !== 'usr/bin' && !entry.path.startsWith('etc'),
    ),
    { kind: 'folder', path: 'etc' },
    { kind: 'folder', path: 'etc/ssl' },
    { kind: 'folder', path: 'etc/ssl/certs' },
    fileEntry('etc/ssl/certs/ca-certificates.crt', Buffer.concat(bundle)),
    fileEntry(
      'etc/passwd',
      `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${nonroot}:${nonroot}:nonroot:/home/nonroot:/sbin/nologin\n`,
    ),
    fileEntry('etc/group', `root:x:0:\nnonroot:x:${nonroot}:\n`),
    fileEntry('etc/nsswitch.conf', 'hosts: files dns\n'),
    { kind: 'folder', path: 'home' },
    { kind: 'folder', path: 'home/nonroot', mode: 0o700, owner: nonroot },
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    { kind: 'folder', path: 'usr/bin' },
    { kind: 'file', path: 'usr/bin/node', mode: 0o755, content: readFileSync(nodeFile) },
  ];
  return all.toSorted((one, other) => (one.path < other.path ? -1 : 1)); // parents sort before their children
}

async function debianFiles(): Promise<string> {
  const folder = join(cache, 'images', 'debian');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'root'), { recursive: true });
  try {
    // Without this, apt drops to a user that cannot write here.
    await command('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...packages], { cwd: folder });
  } catch (error) {
    throw new Error(
      'The Debian packages for the image base cannot be downloaded: run apt-get update, then try again.',
      { cause: error },
    );
  }
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
    await command('dpkg', ['-x', name, 'root'], { cwd: folder });
  }
  return join(folder, 'root');
}
