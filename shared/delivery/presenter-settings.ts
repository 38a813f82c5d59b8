/** The settings that agent and scanner share. */
import { logLevels, type LogLevel } from '../log.ts';
import type { SettingsReader } from '../settings.ts';

export interface PresenterSettings {
  /** Without a slash at the end. */
  readonly backendUrl: string;
  readonly serviceToken: string;
  readonly logLevel: LogLevel;
  /** How long a stopping presenter tries to deliver what is left. */
  readonly shutdownGraceMs: number;
  /** Where the program itself runs; that namespace is not watched. */
  readonly ownNamespace: string | undefined;
  readonly healthPort: number;
}

export function readPresenterSettings(reader: SettingsReader): PresenterSettings {
  return {
    backendUrl: readBackendUrl(reader),
    serviceToken: readServiceToken(reader),
    logLevel: reader.oneOf('LOG_LEVEL', 'info', logLevels),
    shutdownGraceMs: reader.integer('SHUTDOWN_GRACE_SECONDS', 10, { min: 0, max: 300 }) * 1000,
    ownNamespace: reader.optional('POD_NAMESPACE'),
    healthPort: reader.integer('HEALTH_PORT', 8080, { min: 0, max: 65_535 }),
  };
}

/** As it was understood, not as it was written: paths are put behind it, and an error about what is no URL would quote the token. */
function readBackendUrl(reader: SettingsReader): string {
  const url = URL.parse(reader.text('BACKEND_URL', 'http://kure-monitor-backend:8000'));
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain) reader.mistake('BACKEND_URL must be a URL like http://kure-monitor-backend:8000, without credentials or query');
  return url ? `${url.origin}${url.pathname}`.replace(/\/+$/, '') : '';
}

/** Whether the value is a good token is the backend's to say; here it must fit into a header. */
function readServiceToken(reader: SettingsReader): string {
  const token = reader.required('SERVICE_TOKEN');
  if (!/^[\x21-\x7e]*$/.test(token)) {
    reader.mistake('SERVICE_TOKEN must be printable ASCII without spaces and line breaks');
  }
  return token;
}
