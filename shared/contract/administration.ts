/** What admins set: the language model, notifications, how long records are kept (upstream 2.3). */
import { Type } from 'typebox';
import { Instant } from './instant.ts';

const OptionalText = (maxLength: number) => Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()]));
const NullableText = Type.Union([Type.String(), Type.Null()]);

export const llmProviders = ['openai', 'anthropic', 'groq', 'gemini', 'ollama', 'copilot'] as const;
export const notificationProviders = ['slack', 'teams', 'webhook'] as const;

export const AppConfig = Type.Object({ ai_enabled: Type.Boolean(), ai_provider: NullableText });

export const LlmStatus = Type.Object({
  configured: Type.Boolean(),
  provider: NullableText,
  model: NullableText,
  base_url: NullableText,
  source: Type.Union([Type.Literal('database'), Type.Null()]),
  state: Type.Enum(['not-configured', 'ready', 'needs-reentry'], {
    description: '`needs-reentry`: the stored key cannot be decrypted with any encryption key',
  }),
});
export const NewLlmConfig = Type.Object({
  provider: Type.String({ maxLength: 50 }),
  api_key: Type.String({ maxLength: 4_096, description: 'may be empty for a provider that needs none' }),
  model: OptionalText(200),
  base_url: OptionalText(500),
});
export const SavedLlmConfig = Type.Object({
  id: Type.Integer(),
  provider: Type.String(),
  model: NullableText,
  configured: Type.Literal(true),
  created_at: Instant,
  updated_at: Instant,
});

/** Answer to `POST /api/admin/llm/test`, also where the model did not answer. */
export const LlmTrial = Type.Object({ success: Type.Boolean(), message: Type.String() });

/** The address of a webhook is a secret: it is shown as its host alone, and kept where none is sent. */
export const NotificationChange = Type.Object({
  enabled: Type.Optional(Type.Boolean({ default: false })),
  config: Type.Object({ webhook_url: Type.Optional(Type.String({ maxLength: 2_000 })) }),
});
export const NewNotification = Type.Object({ provider: Type.String({ maxLength: 50 }), ...NotificationChange.properties });
export const Notification = Type.Object({
  id: Type.Integer(),
  provider: Type.String(),
  enabled: Type.Boolean(),
  config: Type.Object({ webhook_url: Type.String({ description: 'such as `https://hooks.slack.com/...`' }) }),
  state: Type.Enum(['ready', 'needs-reentry']),
  created_at: Instant,
  updated_at: Instant,
});

/** How long a mirror pod would live. Kept for the dashboard of Kure Monitor; there are no mirror pods here. */
export const MirrorTtl = Type.Object({ seconds: Type.Integer({ minimum: 30, maximum: 3_600 }) });

/** 0: for ever. */
export const Retention = Type.Object({ minutes: Type.Integer({ minimum: 0, maximum: 43_200 }) });
