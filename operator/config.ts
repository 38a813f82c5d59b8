/** The operator's settings. Every mistake is reported at once, never a value. */
import type { KeyName } from '../shared/credential/keyring.ts';
import { logLevels, type LogLevel } from '../shared/log.ts';
import { SettingsReader } from '../shared/settings.ts';
import { defaultSettings, type Settings } from './model/plan.ts';
import type { Release } from './model/release.ts';

export interface Config {
  /** One release by its names, or every release of the cluster by its Secrets' labels. */
  readonly scope: 'release' | 'cluster';
  /** In scope `cluster` only its name says something: it is the operator's own. */
  readonly release: Omit<Release, 'namespace'>;
  /** Undefined: that of the pod or of the kubeconfig's context. */
  readonly namespace: string | undefined;
  readonly lease: string;
  /** Milliseconds. */
  readonly leaseDurationMs: number;
  /** Name of this pod, for the Lease and the Events. */
  readonly instance: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly settings: Settings;
}

const aDay = { min: 0, max: 86_400 };

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const reader = new SettingsReader(env);
  const scope = reader.oneOf('SCOPE', 'release', ['release', 'cluster']);
  const release = readRelease(reader);
  if (scope === 'cluster') forbidNames(reader);
  const config: Config = {
    scope,
    release,
    namespace: reader.optional('POD_NAMESPACE'),
    lease: objectName(reader, 'LEASE', `${release.name}-operator`),
    leaseDurationMs: reader.integer('LEASE_SECONDS', 15, { min: 1, max: 3_600 }) * 1000,
    instance: reader.text('POD_NAME', 'kure-bootstrap'),
    port: reader.integer('PORT', 8080, { min: 0, max: 65_535 }),
    logLevel: reader.oneOf('LOG_LEVEL', 'info', logLevels),
    settings: {
      debounceMs: reader.seconds('DEBOUNCE_SECONDS', defaultSettings.debounceMs, aDay),
      debounceMaxMs: reader.seconds('DEBOUNCE_MAX_SECONDS', defaultSettings.debounceMaxMs, aDay),
      silenceMs: reader.seconds('SILENCE_SECONDS', defaultSettings.silenceMs, aDay),
      rolloutDeadlineMs: reader.seconds('ROLLOUT_DEADLINE_SECONDS', defaultSettings.rolloutDeadlineMs, { min: 1, max: aDay.max }),
    },
  };
  reader.done();
  return config;
}

function readRelease(reader: SettingsReader): Config['release'] {
  const name = objectName(reader, 'RELEASE', 'kure-monitor');
  const bootstrapSecret = objectName(reader, 'BOOTSTRAP_SECRET', `${name}-bootstrap`);
  const encryptionSecret = objectName(reader, 'ENCRYPTION_SECRET', `${name}-encryption`);
  const keyringSecret = objectName(reader, 'KEYRING_SECRET', `${name}-keyring`);
  if (new Set([bootstrapSecret, encryptionSecret, keyringSecret]).size < 3) {
    reader.mistake('BOOTSTRAP_SECRET, ENCRYPTION_SECRET and KEYRING_SECRET must be three different names');
  }
  return {
    name,
    bootstrapSecret,
    encryptionSecret,
    keyringSecret,
    rotationConfigMap: objectName(reader, 'ROTATION_CONFIGMAP', `${name}-rotation`),
    external: reader.boolean('EXTERNAL_SECRET', false),
    own: true,
    entries: readEntries(reader),
  };
}

function readEntries(reader: SettingsReader): Readonly<Record<KeyName, string>> {
  const entries = {
    'service-token': entryName(reader, 'SERVICE_TOKEN_KEY', 'service-token'),
    'session-secret': entryName(reader, 'SESSION_SECRET_KEY', 'session-secret'),
    'encryption-key': 'encryption-key',
  };
  if (entries['service-token'] === entries['session-secret']) {
    reader.mistake('SERVICE_TOKEN_KEY and SESSION_SECRET_KEY must be two different entries');
  }
  return entries;
}

const namesOfOne = ['BOOTSTRAP_SECRET', 'ENCRYPTION_SECRET', 'KEYRING_SECRET', 'ROTATION_CONFIGMAP', 'EXTERNAL_SECRET', 'SERVICE_TOKEN_KEY', 'SESSION_SECRET_KEY'];

/** They would have no effect, and somebody would wonder. */
function forbidNames(reader: SettingsReader): void {
  const given = namesOfOne.filter((name) => reader.optional(name) !== undefined);
  if (given.length > 0) reader.mistake(`SCOPE=cluster finds releases by their labels; unset ${given.join(', ')}`);
}

/** As Kubernetes names objects: a DNS subdomain. */
function objectName(reader: SettingsReader, name: string, fallback: string): string {
  const text = reader.text(name, fallback);
  const isName = text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);
  if (!isName) reader.mistake(`${name} must be a name of lower case letters, digits, '-' and '.'`);
  return text;
}

/** As Kubernetes names the entries of a Secret. */
function entryName(reader: SettingsReader, name: string, fallback: string): string {
  const text = reader.text(name, fallback);
  if (text.length > 253 || !/^[-._a-zA-Z0-9]+$/.test(text)) reader.mistake(`${name} must be a name of letters, digits, '-', '_' and '.'`);
  return text;
}
