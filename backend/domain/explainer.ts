/** Has a language model say why a pod fails, for whoever asks; what it said is stored with the failure. */
import type { Clock } from '../../shared/clock.ts';
import type { PodFailure, Troubleshooting } from '../../shared/contract/pods.ts';
import { readCapturedLogs, type ContainerLog } from '../llm/captured-logs.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import { NoAnswer } from '../llm/no-answer.ts';
import { questionAboutLogs, questionAboutPod } from '../llm/questions.ts';
import type { PodFailureStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import type { LiveFeed } from './live-feed.ts';
import type { LlmSettings } from './llm-settings.ts';
import { instant } from './instant.ts';

export interface ExplainerOptions {
  readonly podFailures: PodFailureStore;
  readonly settings: LlmSettings;
  readonly model: LanguageModel;
  readonly feed: LiveFeed;
  readonly clock: Clock;
}

export class Explainer {
  readonly #options: ExplainerOptions;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /** Throws NoAnswer, and what was stored stays; or Declined. */
  async explain(id: number): Promise<PodFailure> {
    const { settings, model, feed } = this.#options;
    const failure = await this.find(id);
    const { text, by } = await model.ask(await settings.target(), questionAboutPod(failure));
    const explained = await this.#store(failure, 'explanation', text, by);
    feed.tell('pod_solution_updated', explained);
    return explained;
  }

  /** The same from the logs, which are in no other question. Asks only where there is no answer yet, or `anew`. */
  async troubleshoot(id: number, anew: boolean): Promise<Troubleshooting> {
    const { settings, model, feed } = this.#options;
    const failure = await this.find(id);
    const logs = await this.#logsOf(failure);
    if (logs.length === 0) throw new Declined('missing', 'No captured logs for this pod');
    if (failure.log_aware_solution !== null && !anew) return troubleshooting(failure, true);
    const { text, by } = await model.ask(await settings.target(), questionAboutLogs(failure, logs));
    const explained = troubleshooting(await this.#store(failure, 'log_explanation', text, by), false);
    feed.tell('pod_troubleshoot_updated', { pod_id: id, ...explained });
    return explained;
  }

  /** Throws Declined. */
  async find(id: number): Promise<PodFailure> {
    const failure = await this.#options.podFailures.find(id);
    if (!failure) throw gone();
    return failure;
  }

  /** Those that were captured, or else the lines that came with the report. */
  async #logsOf(failure: PodFailure): Promise<ContainerLog[]> {
    const captured = failure.logs_captured ? await readCapturedLogs(await this.#options.podFailures.capturedLogs(failure.id)) : [];
    if (captured.length > 0 || failure.logs === '') return captured;
    return [{ container: '', text: failure.logs }];
  }

  async #store({ id, failure_reason }: PodFailure, what: 'explanation' | 'log_explanation', text: string, by: string): Promise<PodFailure> {
    const { podFailures, clock } = this.#options;
    const explained = await podFailures.explain(id, what, { text, by, reason: failure_reason, at: instant(clock.now()) });
    if (!explained) throw gone();
    return explained;
  }
}

const gone = () => new Declined('missing', 'Pod failure not found');

function troubleshooting(failure: PodFailure, cached: boolean): Troubleshooting {
  const { log_aware_solution, log_aware_solution_generated_at, log_aware_solution_by } = failure;
  if (log_aware_solution === null || log_aware_solution_generated_at === null) throw new NoAnswer('The pod fails for another reason by now: ask again');
  return { solution: log_aware_solution, generated_at: log_aware_solution_generated_at, solution_by: log_aware_solution_by, cached, log_aware: true };
}
