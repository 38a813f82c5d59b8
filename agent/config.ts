/** The agent's settings. Throws one SettingsError with every mistake. */
import { readPresenterSettings, type PresenterSettings } from '../shared/delivery/presenter-settings.ts';
import { SettingsReader } from '../shared/settings.ts';

export interface AgentConfig extends PresenterSettings {
  /** Report only the pods of this node; undefined: all pods. */
  readonly nodeName: string | undefined;
  /** Namespaces to say nothing about, beside the built-in ones. */
  readonly excludedNamespaces: ReadonlySet<string>;
  /** How long a pod may be merely Pending before that is a failure. */
  readonly pendingGraceMs: number;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): AgentConfig {
  const reader = new SettingsReader(env);
  const config = {
    ...readPresenterSettings(reader),
    nodeName: reader.optional('NODE_NAME'),
    excludedNamespaces: new Set(reader.text('EXCLUDED_NAMESPACES', '').split(/[\s,]+/).filter(Boolean)),
    pendingGraceMs: reader.integer('PENDING_GRACE_PERIOD', 120, { min: 0, max: 86_400 }) * 1000,
  };
  reader.done();
  return config;
}
