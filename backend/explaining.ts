/** Puts together what answers people with the help of a language model. */
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/log.ts';
import type { EncryptionKeys } from './domain/encryption-keys.ts';
import { Explainer } from './domain/explainer.ts';
import type { LiveFeed } from './domain/live-feed.ts';
import { LlmSettings } from './domain/llm-settings.ts';
import type { Reencryption } from './domain/reencryption.ts';
import { LanguageModel } from './llm/language-model.ts';
import type { Metrics } from './metrics.ts';
import type { Outbound } from './outbound/outbound.ts';
import type { Stores } from './store/store.ts';

export interface ExplainingDeps {
  readonly stores: Pick<Stores, 'llmConfig' | 'podFailures'>;
  readonly keys: EncryptionKeys;
  readonly reencryption: Reencryption;
  readonly outbound: Outbound;
  readonly feed: LiveFeed;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeoutMs?: number;
}

export function createExplaining({ stores, ...deps }: ExplainingDeps) {
  const llm = new LlmSettings({ store: stores.llmConfig, ...deps });
  const model = new LanguageModel(deps);
  return { llm, model, explainer: new Explainer({ podFailures: stores.podFailures, settings: llm, model, ...deps }) };
}
