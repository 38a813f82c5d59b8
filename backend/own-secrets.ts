/** The secrets that the environment gives, and where it gives none, ones of our own that are kept beside the database. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newLetters } from '../shared/credential/new-value.ts';
import { whyInvalid } from '../shared/credential/validation.ts';
import type { Logger } from '../shared/log.ts';
import type { Config } from './config.ts';

export interface OwnSecrets {
  /** undefined where the two Secrets decide. */
  readonly serviceToken: string | undefined;
  readonly sessionSecret: string;
  /** undefined where only the keyring can have one. */
  readonly encryptionKey: string | undefined;
}

export async function ownSecrets(config: Config, log: Logger): Promise<OwnSecrets> {
  const sessionSecret = config.sessionSecret ?? (await keptSecret(config.dataDir, 'session-secret'));
  if (config.secrets) return { serviceToken: undefined, sessionSecret, encryptionKey: config.encryptionKey };
  const encryptionKey = config.encryptionKey ?? (await keptSecret(config.dataDir, 'encryption-key'));
  return { serviceToken: await serviceToken(config, sessionSecret, log), sessionSecret, encryptionKey };
}

async function serviceToken(config: Config, sessionSecret: string, log: Logger): Promise<string> {
  if (config.serviceToken === undefined) {
    log.info({ file: resolve(config.dataDir, 'service-token') }, 'SERVICE_TOKEN is not set: using the one in this file');
    return keptSecret(config.dataDir, 'service-token');
  }
  const why = whyInvalid(config.serviceToken, [sessionSecret]);
  if (why !== undefined) log.warn(`SERVICE_TOKEN should be replaced: ${why}`);
  return config.serviceToken;
}

/**
 * The secret kept as `name` in `directory`, readable by the owner only, and made at the first start. Two processes that
 * start at the same time get the same one.
 */
async function keptSecret(directory: string, name: string): Promise<string> {
  const file = join(directory, name);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, newLetters(), { mode: 0o600 });
  // A link appears with its whole content, and only if nobody was faster.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return (await readFile(file, 'utf8')).trim();
}
