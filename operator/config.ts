/** The operator's settings, read from the environment; every mistake is reported at once, never a value. */
import { logLevels, type LogLevel } from '../shared/log.ts';
import { SettingsReader } from '../shared/settings.ts';
import { defaultSettings, type Settings } from './model/plan.ts';

export interface Config {
  readonly release: string;
  readonly namespace: string | undefined;
  readonly bootstrapSecret: string;
  readonly keyringSecret: string;
  readonly rotationConfigMap: string;
  /** Name of this pod: the source of the Events. */
  readonly instance: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly settings: Settings;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const reader = new SettingsReader(env);
  const release = reader.text('RELEASE', 'kure-monitor');
  const seconds = (name: string, fallbackMs: number) =>
    reader.integer(name, fallbackMs / 1000, { min: 0, max: 86_400 }) * 1000;
  const config: Config = {
    release,
    namespace: reader.optional('POD_NAMESPACE'),
    bootstrapSecret: reader.text('BOOTSTRAP_SECRET', `${release}-bootstrap`),
    keyringSecret: reader.text('KEYRING_SECRET', `${release}-keyring`),
    rotationConfigMap: reader.text('ROTATION_CONFIGMAP', `${release}-rotation`),
    instance: reader.text('POD_NAME', 'kure-bootstrap'),
    port: reader.integer('PORT', 8080, { min: 0, max: 65_535 }),
    logLevel: reader.oneOf('LOG_LEVEL', 'info', logLevels),
    settings: {
      debounceMs: seconds('DEBOUNCE_SECONDS', defaultSettings.debounceMs),
      debounceMaxMs: seconds('DEBOUNCE_MAX_SECONDS', defaultSettings.debounceMaxMs),
      silenceMs: seconds('SILENCE_SECONDS', defaultSettings.silenceMs),
    },
  };
  reader.done();
  return config;
}
