/** The real program, whose disk fails as soon as there is a file `disk-fails` beside the database. */
import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

interface Disk {
  datasync: (this: FileHandle) => Promise<void>;
}

await using file = await open('/dev/null');
const disk = Object.getPrototypeOf(file) as Disk;
const { datasync } = disk;
disk.datasync = function () {
  const fails = existsSync(join(process.env['DATA_DIR'] ?? '', 'disk-fails'));
  return fails ? Promise.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })) : datasync.call(this);
};

await import('../../../backend/main.ts');
