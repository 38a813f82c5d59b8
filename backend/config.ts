/** The settings. Every mistake is reported at once, and never a value. */
import { logLevels, type LogLevel } from '../shared/log.ts';
import { SettingsReader } from '../shared/settings.ts';
import { isNetwork } from './outbound/allowed-addresses.ts';

export interface Config {
  /** Empty: all addresses, IPv6 and IPv4. */
  readonly host: string;
  readonly port: number;
  /** Holds the database and, where none are configured, the generated secrets. */
  readonly dataDir: string;
  /** Of PostgreSQL; without it a SQLite file in `dataDir`. Has a password in it. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** How long new connections are still served after SIGTERM: until the endpoints have moved. */
  readonly drainMs: number;
  readonly serviceToken: string | undefined;
  readonly sessionSecret: string | undefined;
  /** The two Secrets that decide about the service token; without them SERVICE_TOKEN alone decides. */
  readonly secrets: { readonly bootstrap: string; readonly keyring: string } | undefined;
  /** The ConfigMap in which the operator says how a rotation goes, to be shown to admins. */
  readonly rotationConfigMap: string | undefined;
  /** Entries of the bootstrap Secret's `data`. */
  readonly entries: { readonly serviceToken: string; readonly sessionSecret: string };
  /** Reads what is stored; writes it, too, where the keyring has no encryption key. */
  readonly encryptionKey: string | undefined;
  /** Default: the namespace of the pod, or of the kubeconfig's context. */
  readonly namespace: string | undefined;
  readonly podName: string | undefined;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Addresses, networks and host names that requests may go to although they are internal. */
  readonly outboundAllow: readonly string[];
  /** Sentences to log at start. */
  readonly warnings: readonly string[];
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const settings = new SettingsReader(env);
  const bootstrap = settings.optional('BOOTSTRAP_SECRET');
  const keyring = settings.optional('KEYRING_SECRET');
  if ((bootstrap === undefined) !== (keyring === undefined)) {
    settings.mistake('BOOTSTRAP_SECRET and KEYRING_SECRET must be set together, or neither');
  }
  const rotationConfigMap = settings.optional('ROTATION_CONFIGMAP');
  if (rotationConfigMap !== undefined && bootstrap === undefined) {
    settings.mistake('ROTATION_CONFIGMAP needs BOOTSTRAP_SECRET and KEYRING_SECRET: a status without them is of another backend');
  }
  const config: Config = {
    host: settings.text('HOST', ''),
    port: settings.integer('PORT', 8000, { min: 0, max: 65_535 }),
    dataDir: settings.text('DATA_DIR', './data'),
    databaseUrl: readDatabaseUrl(settings),
    logLevel: settings.oneOf('LOG_LEVEL', 'info', logLevels),
    drainMs: settings.integer('DRAIN_SECONDS', 5, { min: 0, max: 600 }) * 1000,
    serviceToken: settings.optional('SERVICE_TOKEN'),
    sessionSecret: settings.optional('SESSION_SECRET'),
    secrets: bootstrap !== undefined && keyring !== undefined ? { bootstrap, keyring } : undefined,
    rotationConfigMap,
    entries: {
      serviceToken: settings.text('SERVICE_TOKEN_KEY', 'service-token'),
      sessionSecret: settings.text('SESSION_SECRET_KEY', 'session-secret'),
    },
    encryptionKey: settings.optional('ENCRYPTION_KEY'),
    namespace: settings.optional('POD_NAMESPACE'),
    podName: settings.optional('POD_NAME'),
    trustedProxies: readNetworks(settings),
    outboundAllow: readOutboundAllow(settings),
    warnings:
      settings.optional('AUTH_API_KEY') === undefined
        ? []
        : ['AUTH_API_KEY has no effect: since 2.3 agent and scanner use SERVICE_TOKEN and people have accounts'],
  };
  settings.done();
  return config;
}

function readDatabaseUrl(settings: SettingsReader): string | undefined {
  const url = settings.optional('DATABASE_URL');
  if (url !== undefined && !(/^postgres(ql)?:\/\//.test(url) && URL.canParse(url))) {
    settings.mistake('DATABASE_URL must be a URL such as postgresql://user:password@host:5432/database; escape the password as in any URL');
  }
  return url;
}

function readNetworks(settings: SettingsReader): string[] {
  const networks = listOf(settings, 'TRUSTED_PROXIES');
  if (!networks.every(isNetwork)) {
    settings.mistake('TRUSTED_PROXIES must be IP addresses or networks such as 10.0.0.0/8, separated by commas or spaces');
  }
  return networks;
}

/** A name as in DNS; what looks like an address has to be one. */
const hostName = /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

function readOutboundAllow(settings: SettingsReader): string[] {
  const entries = listOf(settings, 'OUTBOUND_ALLOW');
  if (!entries.every((entry) => isNetwork(entry) || hostName.test(entry))) {
    settings.mistake('OUTBOUND_ALLOW must be IP addresses, networks such as 10.0.0.0/8 or host names, separated by commas or spaces');
  }
  return entries;
}

/** Separated by commas or spaces. */
function listOf(settings: SettingsReader, name: string): string[] {
  return settings.text(name, '').split(/[\s,]+/).filter((entry) => entry !== '');
}
