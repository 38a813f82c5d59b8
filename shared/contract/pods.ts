/** What the agent reports about failing pods, and what it gets back (upstream 2.3, names and shapes as they are there). */
import { Type, type Static, type TSchema } from 'typebox';
import { ObjectName } from './object-name.ts';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const OptionalText = Type.Optional(Nullable(Type.String()));

export const ContainerStatus = Type.Object({
  name: Type.String(),
  ready: Type.Boolean(),
  restart_count: Type.Integer(),
  image: Type.String(),
  state: Type.Optional(Nullable(Type.String({ description: 'absent if the API server gave none' }))),
  reason: OptionalText,
  message: OptionalText,
  exit_code: Type.Optional(Nullable(Type.Integer())),
});

export const PodEvent = Type.Object({
  type: OptionalText,
  reason: OptionalText,
  message: OptionalText,
  timestamp: OptionalText,
});

/** Container logs, compressed by the agent; stored and passed on as they are. */
const FailureLogs = Type.Object({
  version: Type.Optional(Type.Integer({ description: '1 if absent' })),
  encoding: Type.Optional(Type.String({ description: '`gzip+base64` if absent' })),
  containers: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

/** Body of `POST /api/pods/failed`. */
export const PodReport = Type.Object({
  pod_name: ObjectName,
  namespace: ObjectName,
  node_name: OptionalText,
  phase: Type.String(),
  creation_timestamp: Type.String(),
  failure_reason: Type.String(),
  failure_message: OptionalText,
  container_statuses: Type.Optional(Type.Array(ContainerStatus)),
  events: Type.Optional(Type.Array(PodEvent)),
  logs: Type.Optional(Type.String()),
  manifest: Type.Optional(Type.String()),
  failure_logs: Type.Optional(Nullable(FailureLogs)),
});

/** Body of `POST /api/pods/dismiss-deleted`. */
export const PodName = Type.Object({
  namespace: Type.String({ minLength: 1 }),
  pod_name: Type.String({ minLength: 1 }),
});

const podStatuses = ['new', 'investigating', 'resolved', 'ignored'] as const;
export type PodStatus = (typeof podStatuses)[number];

/** A recorded failure; times are RFC 3339 in UTC, `creation_timestamp` and `timestamp` as the agent sent them. */
export const PodFailure = Type.Object({
  id: Type.Integer(),
  pod_name: Type.String(),
  namespace: Type.String(),
  node_name: Nullable(Type.String()),
  phase: Type.String(),
  creation_timestamp: Type.String(),
  timestamp: Type.String(),
  failure_reason: Type.String(),
  failure_message: Nullable(Type.String()),
  container_statuses: Type.Array(ContainerStatus),
  events: Type.Array(PodEvent),
  logs: Type.String(),
  manifest: Type.String(),
  solution: Type.String(),
  dismissed: Type.Boolean(),
  status: Type.Enum(podStatuses),
  resolved_at: Nullable(Type.String()),
  resolution_note: Nullable(Type.String()),
  logs_captured: Type.Boolean({ description: 'false where the agent could not get any' }),
  failure_logs: Nullable(FailureLogs),
  solution_by: Nullable(Type.String({ description: 'provider and model, such as `openai/gpt-5-mini`; null: by rules' })),
  solution_generated_at: Nullable(Type.String()),
  log_aware_solution: Nullable(Type.String()),
  log_aware_solution_by: Nullable(Type.String()),
  log_aware_solution_generated_at: Nullable(Type.String()),
  auto_solution_mode: Type.Literal('quick'),
});

/** Answer to `POST /api/pods/failed/{id}/retry-solution`. */
export const RetriedSolution = Type.Object({
  ...PodFailure.properties,
  solution_error: Nullable(Type.String({ description: 'why there is no new one by a language model' })),
});

/** Answer to `POST /api/pods/failed/{id}/troubleshoot`. */
export const Troubleshooting = Type.Object({
  solution: Type.String(),
  solution_by: Nullable(Type.String()),
  generated_at: Type.String(),
  cached: Type.Boolean(),
  log_aware: Type.Literal(true),
});

/** Answer to `GET /api/pods/{namespace}/{pod}/manifest`. */
export const PodManifest = Type.Object({ pod_name: Type.String(), namespace: Type.String(), manifest: Type.String() });

/** Answer to `GET /api/pods/{namespace}/{pod}/logs`. */
export const PodLogs = Type.Object({
  pod_name: Type.String(),
  namespace: Type.String(),
  container: Type.String(),
  containers: Type.Array(Type.String()),
  logs: Type.String(),
  tail_lines: Type.Integer(),
  previous: Type.Boolean({ description: 'as asked for; where only one run was captured, the logs are of that one' }),
});

/** Body of `PATCH /api/pods/failed/{id}/status`. */
export const StatusChange = Type.Object({
  status: Type.Enum(['new', 'investigating', 'ignored']),
  resolution_note: OptionalText,
});

export type ContainerStatus = Static<typeof ContainerStatus>;
export type PodEvent = Static<typeof PodEvent>;
export type FailureLogs = Static<typeof FailureLogs>;
export type PodReport = Static<typeof PodReport>;
export type PodName = Static<typeof PodName>;
export type PodFailure = Static<typeof PodFailure>;
export type PodManifest = Static<typeof PodManifest>;
export type PodLogs = Static<typeof PodLogs>;
export type RetriedSolution = Static<typeof RetriedSolution>;
export type Troubleshooting = Static<typeof Troubleshooting>;
