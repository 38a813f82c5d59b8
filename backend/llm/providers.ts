/** Where each provider is asked, and which model, where the configuration says neither. */
import type { llmProviders } from '../../shared/contract/administration.ts';

export type LlmProvider = (typeof llmProviders)[number];

/** Whom a question goes to. */
export interface LlmTarget {
  readonly provider: LlmProvider;
  readonly model: string;
  readonly baseUrl: string;
  /** In clear. */
  readonly apiKey: string | undefined;
}

/** All but Anthropic speak OpenAI's API. */
const defaults: Readonly<Record<LlmProvider, Pick<LlmTarget, 'model' | 'baseUrl'>>> = {
  openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-5-mini' },
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', model: 'claude-sonnet-4-5' },
  groq: { baseUrl: 'https://api.groq.com/openai/v1', model: 'meta-llama/llama-4-scout-17b-16e-instruct' },
  gemini: { baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai', model: 'gemini-2.5-flash' },
  ollama: { baseUrl: 'http://ollama:11434', model: 'llama3.2' },
  copilot: { baseUrl: 'https://models.github.ai/inference', model: 'openai/gpt-5-mini' },
};

export interface LlmChoice extends Pick<LlmTarget, 'provider' | 'apiKey'> {
  readonly model: string | null;
  readonly baseUrl: string | null;
}

export function targetOf({ provider, apiKey, model, baseUrl }: LlmChoice): LlmTarget {
  const url = (baseUrl ?? defaults[provider].baseUrl).replace(/\/+$/, '');
  return { provider, apiKey, model: model ?? defaults[provider].model, baseUrl: provider === 'ollama' ? compatible(url) : url };
}

/** People know Ollama by its own address; what speaks OpenAI's API is under it. */
const compatible = (url: string): string => (url.endsWith('/v1') ? url : `${url}/v1`);
