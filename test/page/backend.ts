/** A backend of the test's own: the program of the image, as a process, with a database of its own. */
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { startChildBackend, type ChildBackend } from '../unit/backend/child-backend.ts';
import { temporaryDirectory } from '../unit/backend/harness.ts';
import { Service } from './service.ts';

/** Names the folder with the bundle. */
export const bundleVariable = 'PAGE_BUNDLE';

export interface Backend extends ChildBackend {
  readonly url: string;
  readonly service: Service;
}

export async function startBackend(env: Record<string, string> = {}): Promise<Backend> {
  const token = nanoid(48);
  const settings = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: token, DRAIN_SECONDS: '0', ...env };
  const child = await startChildBackend(settings, join(process.env[bundleVariable]!, 'main.mjs'));
  const url = `http://127.0.0.1:${child.port}`;
  return { ...child, url, service: new Service(url, env['SERVICE_TOKEN'] ?? token) };
}
