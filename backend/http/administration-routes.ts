/** The language model, notifications, and how long records are kept. No secret is in any answer. */
import { Type } from 'typebox';
import {
  AppConfig,
  LlmStatus,
  LlmTrial,
  NewLlmConfig,
  NewNotification,
  Notification,
  NotificationChange,
  Retention as RetentionMinutes,
  SavedLlmConfig,
} from '../../shared/contract/administration.ts';
import { Done } from '../../shared/contract/security.ts';
import { Declined } from '../domain/declined.ts';
import type { LlmSettings } from '../domain/llm-settings.ts';
import type { NotificationSettings, ShownNotification } from '../domain/notification-settings.ts';
import type { Notifier } from '../domain/notifier.ts';
import type { Retention, RetentionName } from '../domain/retention.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import { NoAnswer } from '../llm/no-answer.ts';
import { trialQuestion } from '../llm/questions.ts';
import { OutboundError } from '../outbound/outbound.ts';
import { HttpProblem } from './problems.ts';
import type { Scope } from './scope.ts';

export interface AdministrationRoutesDeps {
  readonly llm: LlmSettings;
  readonly model: LanguageModel;
  readonly notifications: NotificationSettings;
  readonly notifier: Notifier;
  readonly retention: Retention;
}

export function administrationRoutes(scope: Scope, { llm, model, notifications, notifier, retention }: AdministrationRoutesDeps): void {
  llmRoutes(scope, llm, model);
  notificationRoutes(scope, notifications, notifier);
  for (const name of ['history', 'ignored'] as const) retentionRoutes(scope, retention, name);
}

function llmRoutes(scope: Scope, llm: LlmSettings, model: LanguageModel): void {
  scope.get('/api/config', { schema: { response: { 200: AppConfig } } }, async () => {
    const { config, state } = await llm.status();
    return { ai_enabled: state === 'ready', ai_provider: config?.provider ?? null };
  });

  scope.get('/api/admin/llm/status', { schema: { response: { 200: LlmStatus } } }, async () => {
    const { config, state } = await llm.status();
    const { provider = null, model = null, baseUrl = null } = config ?? {};
    const source = config ? ('database' as const) : null;
    return { configured: config !== undefined, provider, model, base_url: baseUrl, source, state };
  });

  const saved = { schema: { body: NewLlmConfig, response: { 200: SavedLlmConfig } } };
  scope.post('/api/admin/llm/config', saved, async ({ body }) => {
    const { provider, model, createdAt, updatedAt } = await llm.save(body);
    return { id: 1, provider, model, configured: true as const, created_at: createdAt, updated_at: updatedAt };
  });

  scope.delete('/api/admin/llm/config', { schema: { response: { 200: Done } } }, async () => {
    await llm.remove();
    return { message: 'LLM configuration deleted' };
  });

  scope.post('/api/admin/llm/test', { schema: { body: NewLlmConfig, response: { 200: LlmTrial } } }, async ({ body }) => {
    try {
      const { by } = await model.ask(await llm.trialTarget(body), trialQuestion);
      return { success: true, message: `${by} has answered` };
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof Declined) return { success: false, message: error.message };
      throw error;
    }
  });
}

function notificationRoutes(scope: Scope, notifications: NotificationSettings, notifier: Notifier): void {
  const url = '/api/admin/notifications';
  const Provider = Type.Object({ provider: Type.String() });

  scope.get(url, { schema: { response: { 200: Type.Array(Notification) } } }, async () =>
    (await notifications.list()).map(shown),
  );
  scope.post(url, { schema: { body: NewNotification, response: { 200: Notification } } }, async ({ body }) =>
    shown(await notifications.save(body.provider, body.enabled ?? false, body.config.webhook_url)),
  );

  const changed = { schema: { params: Provider, body: NotificationChange, response: { 200: Notification } } };
  scope.put(`${url}/:provider`, changed, async ({ params: { provider }, body: { enabled = false, config } }) => {
    if (!(await notifications.exists(provider))) throw new HttpProblem(404, 'Notification setting not found');
    return shown(await notifications.save(provider, enabled, config.webhook_url));
  });

  scope.delete(`${url}/:provider`, { schema: { params: Provider, response: { 200: Done } } }, async ({ params }) => {
    await notifications.remove(params.provider);
    return { message: 'Notification setting deleted' };
  });

  scope.post(`${url}/:provider/test`, { schema: { params: Provider, response: { 200: Done } } }, async ({ params }) => {
    try {
      await notifier.test(params.provider);
    } catch (error) {
      throw error instanceof OutboundError ? new HttpProblem(502, `The test message was not delivered: ${error.message}`) : error;
    }
    return { message: 'Test message sent' };
  });
}

function retentionRoutes(scope: Scope, retention: Retention, name: RetentionName): void {
  const url = `/api/admin/settings/${name}-retention`;
  scope.get(url, { schema: { response: { 200: RetentionMinutes } } }, async () => ({
    minutes: await retention.minutes(name),
  }));
  scope.put(url, { schema: { body: RetentionMinutes, response: { 200: RetentionMinutes } } }, async ({ body }) => {
    await retention.keep(name, body.minutes);
    return { minutes: body.minutes };
  });
}

function shown({ id, provider, enabled, shownUrl, createdAt, updatedAt }: ShownNotification) {
  const state = shownUrl === '' ? ('needs-reentry' as const) : ('ready' as const);
  return { id, provider, enabled, config: { webhook_url: shownUrl }, state, created_at: createdAt, updated_at: updatedAt };
}
