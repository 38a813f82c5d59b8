/** The settings of the measuring presenter. Throws one SettingsError with every mistake. */
import { SettingsReader } from '../../shared/settings.ts';

export interface TrafficConfig {
  readonly backendUrl: URL;
  readonly serviceToken: string;
  /** Reports a second; 0 only shows the counts. */
  readonly rate: number;
  readonly podName: string;
  readonly countsDirectory: string;
  readonly port: number;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): TrafficConfig {
  const reader = new SettingsReader(env);
  const url = URL.parse(reader.text('BACKEND_URL', 'http://kure-monitor-backend:8000'));
  if (url?.protocol !== 'http:') reader.mistake('BACKEND_URL must be a URL that begins with http://');
  const config = {
    backendUrl: url ?? new URL('http://invalid'),
    serviceToken: reader.required('SERVICE_TOKEN'),
    rate: reader.integer('RATE', 50, { min: 0, max: 1000 }),
    podName: reader.text('POD_NAME', 'traffic'),
    countsDirectory: reader.text('COUNTS_DIRECTORY', '/counts'),
    port: reader.integer('PORT', 8081, { min: 0, max: 65_535 }),
  };
  reader.done();
  return config;
}
