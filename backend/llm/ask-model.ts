/** The part that needs the client library, which is loaded with the first question. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, type LanguageModel } from 'ai';
import { OutboundError, type Outbound } from '../outbound/outbound.ts';
import { NoAnswer } from './no-answer.ts';
import type { LlmTarget } from './providers.ts';
import type { Question } from './questions.ts';
import { redactText } from './redaction.ts';

export interface Way {
  readonly fetch: Outbound['fetch'];
  /** Ends the call. */
  readonly signal: AbortSignal;
}

/** Anthropic's API wants a limit; the others refuse one under the name that a newer or an older model knows. */
const mostTokens = 4_096;
const longestReason = 300;

/** Throws NoAnswer. Asks once: whoever waits for it decides whether to ask again. */
export async function askModel(target: LlmTarget, { instructions, prompt }: Question, { fetch, signal }: Way): Promise<string> {
  const limit = target.provider === 'anthropic' && { maxOutputTokens: mostTokens };
  const model = modelOf(target, fetch);
  const asked = generateText({ model, instructions, prompt, maxRetries: 0, abortSignal: signal, ...limit });
  const { text } = await asked.catch((error: unknown) => {
    throw new NoAnswer(whyNot(error, target, signal));
  });
  if (text.trim() === '') throw new NoAnswer(`${hostOf(target)} sent an empty answer`);
  return text.trim();
}

function modelOf({ provider, model, baseUrl: baseURL, apiKey }: LlmTarget, outbound: Way['fetch']): LanguageModel {
  // The types are of two copies of the same library.
  const fetch = outbound as unknown as typeof globalThis.fetch;
  // Without a string it would look for a key in the environment.
  if (provider === 'anthropic') return createAnthropic({ baseURL, apiKey: apiKey ?? '', fetch })(model);
  return createOpenAICompatible({ name: provider, baseURL, fetch, ...(apiKey !== undefined && { apiKey }) })(model);
}

const hostOf = ({ baseUrl }: LlmTarget): string => new URL(baseUrl).hostname;

function whyNot(error: unknown, target: LlmTarget, signal: AbortSignal): string {
  const host = hostOf(target);
  const outbound = outboundErrorIn(error);
  if (outbound) return outbound.message;
  if (signal.aborted) return `${host} did not answer in time`;
  if (!APICallError.isInstance(error) || error.statusCode === undefined || error.statusCode < 300) {
    return `${host} sent an answer that is not one of a language model`;
  }
  return `${host} answered ${error.statusCode}: ${withoutSecrets(error.message, target)}`;
}

function outboundErrorIn(error: unknown): OutboundError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof OutboundError) return cause;
  return undefined;
}

/** Providers repeat what they were sent. */
function withoutSecrets(message: string, { apiKey }: LlmTarget): string {
  const withoutKey = apiKey ? message.replaceAll(apiKey, '[redacted]') : message;
  return redactText(withoutKey).replaceAll(/\s+/g, ' ').trim().slice(0, longestReason);
}
