// Writes tar archives that depend on nothing but their content: sorted by the
// caller, owned by root, dated 1970, so that the same files give the same digest.
const block = 512;

export type Entry = {
  path: string;
  mode?: number;
  owner?: number;
} & ({ kind: 'file'; content: Buffer } | { kind: 'folder' } | { kind: 'link'; target: string });

export const fileEntry = (path: string, content: string | Buffer): Entry => ({
  kind: 'file',
  path,
  content: Buffer.from(content),
});

const flagOf = { file: '0', link: '2', folder: '5' } as const;

export function* tar(entries: Iterable<Entry>): Generator<Buffer> {
  for (const entry of entries) {
    const content = entry.kind === 'file' ? entry.content : Buffer.alloc(0);
    yield header(entry, content.length);
    yield content;
    yield Buffer.alloc((block - (content.length % block)) % block);
  }
  yield Buffer.alloc(2 * block);
}

function header(entry: Entry, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const [prefix, name] = split(entry.kind === 'folder' ? `${entry.path}/` : entry.path);
  const number = (value: number, offset: number, width: number): void => {
    bytes.write(value.toString(8).padStart(width - 1, '0'), offset);
  };
  bytes.write(name, 0);
  number(entry.mode ?? (entry.kind === 'file' ? 0o644 : 0o755), 100, 8);
  number(entry.owner ?? 0, 108, 8);
  number(entry.owner ?? 0, 116, 8);
  number(size, 124, 12);
  number(0, 136, 12);
  bytes.write(' '.repeat(8), 148); // the checksum counts its own field as blanks
  bytes.write(flagOf[entry.kind], 156);
  if (entry.kind === 'link') bytes.write(entry.target, 157);
  bytes.write('ustar\x0000', 257);
  bytes.write(prefix, 345);
  number(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return bytes;
}

/** ustar holds 100 bytes of name, and 155 bytes of folders before it. */
function split(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  const slash = path.indexOf('/', path.length - 101);
  const parts: [string, string] = [path.slice(0, slash), path.slice(slash + 1)];
  if (slash < 1 || parts[0].length > 155 || parts[1].length > 100)
    throw new Error(`this path is too long for an image: ${path}`);
  return parts;
}
