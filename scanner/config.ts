/** The scanner's settings. Throws one SettingsError with every mistake. */
import { readPresenterSettings, type PresenterSettings } from '../shared/delivery/presenter-settings.ts';
import { SettingsReader } from '../shared/settings.ts';

export type ScannerConfig = PresenterSettings;

export function readConfig(env: Readonly<Record<string, string | undefined>>): ScannerConfig {
  const reader = new SettingsReader(env);
  const config = readPresenterSettings(reader);
  reader.done();
  return config;
}
