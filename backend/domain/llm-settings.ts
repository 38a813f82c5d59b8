/** Which language model explains failures. Its key is stored encrypted and never shown again. */
import type { Clock } from '../../shared/clock.ts';
import { llmProviders } from '../../shared/contract/administration.ts';
import { NoModel } from '../llm/no-answer.ts';
import { targetOf, type LlmChoice, type LlmProvider, type LlmTarget } from '../llm/providers.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { LlmConfig, LlmConfigStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { Reencryption } from './reencryption.ts';
import { seal } from './sealing.ts';
import { instant } from './instant.ts';

/** Names that upstream takes, too. */
const aliases: Readonly<Record<string, LlmProvider>> = {
  claude: 'anthropic',
  groq_cloud: 'groq',
  google: 'gemini',
  github: 'copilot',
  github_models: 'copilot',
};

export interface LlmSettingsOptions {
  readonly store: LlmConfigStore;
  readonly keys: EncryptionKeys;
  readonly reencryption: Reencryption;
  readonly outbound: Pick<Outbound, 'opensHost'>;
  readonly clock: Clock;
}

export interface LlmOrder {
  readonly provider: string;
  readonly api_key: string;
  readonly model?: string | null;
  readonly base_url?: string | null;
}

export class LlmSettings {
  readonly #options: LlmSettingsOptions;

  constructor(options: LlmSettingsOptions) {
    this.#options = options;
  }

  async status(): Promise<{ config: LlmConfig | undefined; state: 'not-configured' | 'ready' | 'needs-reentry' }> {
    const { store, keys } = this.#options;
    const config = await store.read();
    if (!config) return { config, state: 'not-configured' };
    const isReadable = config.sealedKey === null || keys.open(config.sealedKey) !== undefined;
    return { config, state: isReadable ? 'ready' : 'needs-reentry' };
  }

  /** Replaces what there is, or changes nothing. Throws Declined. */
  async save(order: LlmOrder): Promise<LlmConfig> {
    const { store, keys, reencryption, clock } = this.#options;
    const { apiKey, ...choice } = this.#choiceOf(order);
    const config = { ...choice, sealedKey: apiKey === undefined ? null : seal(keys, apiKey) };
    const saved = await store.save(config, instant(clock.now()));
    reencryption.look();
    return saved;
  }

  remove(): Promise<void> {
    return this.#options.store.remove();
  }

  /** Whom questions go to. Throws NoModel. */
  async target(): Promise<LlmTarget> {
    const { config, state } = await this.status();
    if (!config) throw new NoModel('No language model is set up; an admin does that in the Admin Panel under LLM');
    if (state === 'needs-reentry') throw new NoModel('The stored API key cannot be decrypted; an admin enters it again in the Admin Panel under LLM');
    return targetOf({ ...config, provider: providerOf(config.provider), apiKey: this.#openedKey(config) });
  }

  /**
   * The same for what may be saved next. Without a key the stored one is used, but only for the provider and the address
   * that it was entered for: nobody reads it by having it sent to themselves. Throws Declined.
   */
  async trialTarget(order: LlmOrder): Promise<LlmTarget> {
    const choice = this.#choiceOf(order);
    const stored = await this.#options.store.read();
    const isSame = stored && stored.provider === choice.provider && stored.baseUrl === choice.baseUrl;
    return targetOf({ ...choice, apiKey: choice.apiKey ?? (isSame ? this.#openedKey(stored) : undefined) });
  }

  #choiceOf({ provider, api_key, model, base_url }: LlmOrder): LlmChoice {
    const baseUrl = base_url?.trim() ? this.#baseUrl(base_url.trim()) : null;
    return { provider: providerOf(provider), apiKey: keyIn(api_key), model: model?.trim() || null, baseUrl };
  }

  #openedKey({ sealedKey }: LlmConfig): string | undefined {
    return sealedKey === null ? undefined : this.#options.keys.open(sealedKey)?.text;
  }

  /** Plain http only to a host that whoever runs the backend has named, such as a model in the cluster. */
  #baseUrl(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url && ['http:', 'https:'].includes(url.protocol);
    if (!isHttp || url.username !== '' || url.password !== '') throw new Declined('invalid', 'The base URL must be an https URL without credentials');
    if (url.protocol === 'https:' || this.#options.outbound.opensHost(url.hostname)) return text;
    throw new Declined('invalid', `The base URL must begin with https://, or whoever runs the backend adds ${url.hostname} to OUTBOUND_ALLOW`);
  }
}

/** Quotes and dots of a text editor come along when keys are copied; no header can hold them. */
function keyIn(given: string): string | undefined {
  const key = given.trim();
  if (/[^!-~]/.test(key)) throw new Declined('invalid', 'The API key has characters that no key has: paste it again');
  return key || undefined;
}

function providerOf(given: string): LlmProvider {
  const name = given.trim().toLowerCase();
  const provider = aliases[name] ?? llmProviders.find((known) => known === name);
  if (provider) return provider;
  throw new Declined('invalid', `The provider is not known: use one of ${llmProviders.join(', ')}`);
}
