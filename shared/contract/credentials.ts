/**
 * `GET /api/admin/credentials`: how old the credentials are, and how a rotation goes. What the operator writes into its
 * status, and what this backend has seen itself: names, counts and times, no value.
 */
import { Type, type Static } from 'typebox';
import { Attestation } from './attestation.ts';
import { Instant } from './instant.ts';
import { phases } from './phases.ts';

/** A newer operator may have more of them. */
const Phase = Type.String({ description: phases.join(', ') });
const Sentences = Type.Array(Type.String());
const KeyName = Type.String({ description: 'service-token, session-secret or encryption-key' });
const WorkloadId = Type.String({ description: 'Kind/name' });
const Pods = Type.Integer({ minimum: 0, description: 'how many pods' });

const AcceptedGeneration = Type.Object({
  name: Type.String(),
  recordedAt: Instant,
  origin: Type.String({ description: 'adopted, edited or rendered' }),
  editedBy: Type.Optional(Type.String({ description: 'field manager of the edit' })),
  replacedAt: Type.Optional(Type.String({ description: 'when another value was seen in its place, RFC 3339' })),
});

const KeyCredentials = Type.Object({
  phase: Type.Optional(Phase),
  step: Type.Optional(Type.String({ description: 'the phase in which it is paused or stuck' })),
  since: Type.Optional(Type.String({ description: 'when the phase was first seen, RFC 3339' })),
  waitingFor: Type.Optional(Sentences),
  target: Type.String({ description: 'name of the generation that is being rolled out' }),
  committed: Type.String({ description: 'name of the generation that was last rolled out completely' }),
  accepted: Type.Array(AcceptedGeneration, { description: 'oldest first' }),
  retired: Type.Array(Type.Object({ name: Type.String(), retiredAt: Instant }), { description: 'newest last' }),
});

const WorkloadCredentials = Type.Object({
  workload: WorkloadId,
  role: Type.String({ description: 'verifier or presenter' }),
  reads: Type.Array(KeyName),
  old: Pods,
  new: Pods,
  ready: Pods,
  desired: Pods,
  holders: Type.Array(Type.String(), { description: 'names of the old pods, of many the first' }),
});

const OtherHolder = Type.Object({
  pod: Type.String(),
  owner: Type.Union([WorkloadId, Type.Null()], { description: 'null where nothing would make a new pod in its place' }),
  reads: Type.Array(KeyName),
});

const PastRotation = Type.Object({
  key: KeyName,
  generation: Type.String(),
  editedBy: Type.Optional(Type.String()),
  startedAt: Instant,
  committedAt: Instant,
  workloads: Type.Array(WorkloadId),
});

/** The entry `status.json` of the ConfigMap `<release>-rotation`. */
export const RotationStatus = Type.Object({
  phase: Phase,
  failures: Sentences,
  waitingFor: Sentences,
  requests: Type.Object({
    pause: Type.Optional(Type.Boolean()),
    abort: Type.Optional(Type.String({ description: 'name of a generation' })),
    revoke: Type.Optional(Type.String({ description: 'name of a generation' })),
    accept: Type.Optional(Type.String({ description: 'name of a generation' })),
    retire: Type.Optional(Type.String({ description: 'name of a generation' })),
  }),
  keys: Type.Partial(
    Type.Object({ 'service-token': KeyCredentials, 'session-secret': KeyCredentials, 'encryption-key': KeyCredentials }),
  ),
  workloads: Type.Array(WorkloadCredentials),
  otherHolders: Type.Optional(Type.Array(OtherHolder, { description: 'holders that belong to none of the workloads, of many the first' })),
  moreHolders: Type.Optional(Type.Integer({ minimum: 0, description: 'how many more of these there are' })),
  history: Type.Array(PastRotation, { description: 'newest last, at most 20' }),
});

export const Credentials = Type.Object({
  operator: Type.Enum(['absent', 'silent', 'unreadable', 'present'], {
    description:
      'absent: this backend follows no operator; silent: it has written no status yet; unreadable: its status is of another version',
  }),
  status: Type.Union([RotationStatus, Type.Null()], { description: 'null unless the operator is present' }),
  verifier: Attestation,
});

export type KeyCredentials = Static<typeof KeyCredentials>;
export type WorkloadCredentials = Static<typeof WorkloadCredentials>;
export type OtherHolder = Static<typeof OtherHolder>;
export type PastRotation = Static<typeof PastRotation>;
export type RotationStatus = Static<typeof RotationStatus>;
export type Credentials = Static<typeof Credentials>;
