/** Asks a language model, a few questions at once, each with a deadline. */
import type { Logger } from '../../shared/log.ts';
import { Declined } from '../domain/declined.ts';
import type { Metrics } from '../metrics.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { NoAnswer } from './no-answer.ts';
import type { LlmTarget } from './providers.ts';
import type { Question } from './questions.ts';

export interface Answer {
  readonly text: string;
  /** Provider and model, such as `openai/gpt-5-mini`. */
  readonly by: string;
}

export interface LanguageModelOptions {
  readonly outbound: Pick<Outbound, 'fetch'>;
  readonly metrics: Pick<Metrics, 'llmRequests' | 'llmSeconds'>;
  readonly log: Logger;
  /** Proxies give up after 60 seconds, as a rule. */
  readonly timeoutMs?: number;
}

const mostAtOnce = 8;
/** What is longer is cut: it is stored, and in every list. */
const longestAnswer = 16_384;
const retryMs = 5_000;

export class LanguageModel {
  readonly #options: LanguageModelOptions;
  #underWay = 0;

  constructor(options: LanguageModelOptions) {
    this.#options = options;
  }

  /** Throws NoAnswer, or Declined where too many are asking. */
  async ask(target: LlmTarget, question: Question): Promise<Answer> {
    if (this.#underWay >= mostAtOnce) {
      throw new Declined('unavailable', `The language model is answering ${mostAtOnce} questions already: try again in a moment`, retryMs);
    }
    const { metrics, log } = this.#options;
    const { provider, model } = target;
    const measure = metrics.llmSeconds.startTimer({ provider });
    this.#underWay++;
    try {
      const text = await this.#textOf(target, question);
      metrics.llmRequests.inc({ provider, status: 'success' });
      return { text: text.slice(0, longestAnswer), by: `${provider}/${model}` };
    } catch (error) {
      metrics.llmRequests.inc({ provider, status: 'error' });
      if (error instanceof NoAnswer) log.warn({ provider, reason: error.message }, 'a language model did not answer');
      throw error;
    } finally {
      this.#underWay--;
      measure();
    }
  }

  async #textOf(target: LlmTarget, question: Question): Promise<string> {
    const { outbound, timeoutMs = 50_000 } = this.#options;
    const { askModel } = await import('./ask-model.ts');
    const fetch: Outbound['fetch'] = (address, request) => outbound.fetch(address, request);
    return askModel(target, question, { fetch, signal: AbortSignal.timeout(timeoutMs) });
  }
}
