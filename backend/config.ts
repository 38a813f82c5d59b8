/** The settings. Every mistake is reported at once, and never a value. */
import { logLevels, type LogLevel } from '../shared/log.ts';
import { SettingsReader } from '../shared/settings.ts';

export interface Config {
  /** Empty: all addresses, IPv6 and IPv4. */
  readonly host: string;
  readonly port: number;
  /** Holds the database and, where none are configured, the generated secrets. */
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** How long new connections are still served after SIGTERM: until the endpoints have moved. */
  readonly drainMs: number;
  readonly serviceToken: string | undefined;
  readonly sessionSecret: string | undefined;
  /** The two Secrets that decide about the service token; without them SERVICE_TOKEN alone decides. */
  readonly secrets: { readonly bootstrap: string; readonly keyring: string } | undefined;
  /** Entries of the bootstrap Secret's `data`. */
  readonly entries: { readonly serviceToken: string; readonly sessionSecret: string };
  /** Reads what is stored; writes it, too, where the keyring has no encryption key. */
  readonly encryptionKey: string | undefined;
  /** Default: the namespace of the pod, or of the kubeconfig's context. */
  readonly namespace: string | undefined;
  readonly podName: string | undefined;
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
  const config: Config = {
    host: settings.text('HOST', ''),
    port: settings.integer('PORT', 8000, { min: 0, max: 65_535 }),
    dataDir: settings.text('DATA_DIR', './data'),
    logLevel: settings.oneOf('LOG_LEVEL', 'info', logLevels),
    drainMs: settings.integer('DRAIN_SECONDS', 5, { min: 0, max: 600 }) * 1000,
    serviceToken: settings.optional('SERVICE_TOKEN'),
    sessionSecret: settings.optional('SESSION_SECRET'),
    secrets: bootstrap !== undefined && keyring !== undefined ? { bootstrap, keyring } : undefined,
    entries: {
      serviceToken: settings.text('SERVICE_TOKEN_KEY', 'service-token'),
      sessionSecret: settings.text('SESSION_SECRET_KEY', 'session-secret'),
    },
    encryptionKey: settings.optional('ENCRYPTION_KEY'),
    namespace: settings.optional('POD_NAMESPACE'),
    podName: settings.optional('POD_NAME'),
    warnings:
      settings.optional('AUTH_API_KEY') === undefined
        ? []
        : ['AUTH_API_KEY has no effect: since 2.3 agent and scanner use SERVICE_TOKEN and people have accounts'],
  };
  settings.done();
  return config;
}
