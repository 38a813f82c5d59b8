// One run at a time changes the cluster; a lock whose holder has died is taken over.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, lifeOf, type Identity } from './process.ts';

/** `onWait` is called once where somebody else holds it. */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: () => void = () => {}): Promise<T> {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (let hasWaited = false; !taken(mine, file); ) {
      if (holderIsGone(file)) {
        rmSync(file, { force: true });
        continue;
      }
      if (!hasWaited) onWait();
      hasWaited = true;
      await sleep(100);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A link appears whole and only once, so the holder's name is always readable. */
function taken(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch {
    return false;
  }
}

function holderIsGone(file: string): boolean {
  try {
    return lifeOf(JSON.parse(readFileSync(file, 'utf8')) as Identity) === 'gone';
  } catch {
    return false; // released this moment: try again
  }
}
