/**
 * What a person asks for by annotations. Each names a generation, and a name is never used twice: so a request that was
 * carried out names nothing any more, and reading it once more changes nothing. It is consumed in the write that is its
 * effect, or afterwards.
 */
import {
  keyNames,
  maxRetired,
  sourceOf,
  targetOf,
  type Generation,
  type KeyName,
  type KeyRecord,
} from '../../shared/credential/keyring.ts';
import type { Action, Notice, WriteSource } from '../model/action.ts';
import type { Draw } from '../model/plan.ts';
import type { KeyringSecret, Request, Snapshot, SourceSecret } from '../model/snapshot.ts';
import { normal, warning } from './notice.ts';
import { writeRecord } from './record.ts';

interface Asked {
  readonly request: Request;
  readonly snapshot: Snapshot;
  readonly keyring: KeyringSecret;
  readonly bootstrap: SourceSecret;
  readonly key: KeyName;
  readonly record: KeyRecord;
  readonly generation: Generation;
  readonly now: number;
  readonly draw: Draw;
}

type Answer =
  | { readonly action: Action }
  /** Cannot be done, in a sentence; undefined: it is done already. */
  | { readonly refusal: string | undefined }
  /** Is being done. */
  | undefined;

export interface Answered {
  /** The first request's effect, or its end. */
  readonly action?: Action;
  /** Requests on a Secret of somebody else, which keeps its annotations, that cannot be carried out. */
  readonly rejections: readonly Rejection[];
}

export interface Rejection {
  readonly key: KeyName;
  readonly why: string;
}

export function answerRequests(snapshot: Snapshot, now: number, draw: Draw): Answered {
  const { keyring, sources } = snapshot;
  const { bootstrap } = sources;
  const rejections: Rejection[] = [];
  if (!keyring || !bootstrap) return { rejections };
  for (const request of ['abort', 'accept', 'revoke', 'retire'] as const) {
    const name = bootstrap.requests[request];
    if (name === undefined || (request === 'revoke' && bootstrap.requests.pause)) continue;
    const found = find(name, keyring);
    const answer: Answer = found
      ? answers[request]({ ...found, request, snapshot, keyring, bootstrap, now, draw })
      : { refusal: isRetired(name, keyring) ? undefined : `there is no generation ${name}` };
    if (!answer) continue;
    if ('action' in answer) return { action: answer.action, rejections };
    if (!bootstrap.external) return { action: consume(request, bootstrap, answer.refusal), rejections };
    if (found && answer.refusal !== undefined) rejections.push({ key: found.key, why: `${request} is not possible: ${answer.refusal}` });
  }
  return { rejections };
}

const answers: Readonly<Record<Request, (asked: Asked) => Answer>> = { abort, accept, revoke, retire };

/** The committed value goes back into the Secret; judging it makes it the target again, under a new name. */
function abort(asked: Asked): Answer {
  const { key, record, generation } = asked;
  if (generation.name !== record.target || record.target === record.committed) return { refusal: undefined };
  const committed = record.accepted.find(({ name }) => name === record.committed);
  if (!committed) return { refusal: `${key}: the generation before ${generation.name} is retired already` };
  return write(asked, { [key]: committed.value }, normal('Aborted', `${key}: generation ${generation.name} is given up`));
}

/** A render makes up all values of the Secret at once, and all of them are taken. */
function accept(asked: Asked): Answer {
  const { keyring, generation, key } = asked;
  if (generation.origin !== 'rendered') return { refusal: `${key}: generation ${generation.name} was not made up by a renderer` };
  if (generation.value === targetOf(asked.record).value) return { refusal: undefined };
  const together = keyNames.flatMap((other): [KeyName, string][] => {
    const made = keyring.keyring.keys[other]?.accepted.find(
      ({ origin, recordedFrom }) => origin === 'rendered' && recordedFrom === generation.recordedFrom,
    );
    return made && sourceOf(other) === sourceOf(key) ? [[other, made.value]] : [];
  });
  const notice = normal('RotationStarted', `${together.map(([other]) => other).join(' and ')}: the made-up value is taken as an edit`);
  return write(asked, Object.fromEntries(together), notice);
}

/** A value in force is replaced first; then, or else at once, its acceptance ends. It waits for the end of a pause, in which its holders could not move. */
function revoke(asked: Asked): Answer {
  const { key, record, generation, now, draw } = asked;
  if (key === 'encryption-key') return { refusal: 'an encryption key cannot be revoked: rotate it' };
  if (generation.name === record.target) {
    return write(asked, { [key]: draw.value(key) }, normal('Revoked', `${key}: generation ${generation.name} is being replaced`), false);
  }
  const { name, value } = generation;
  const retiredAt = new Date(now).toISOString();
  const ended = value === targetOf(record).value ? [] : [{ name, value, retiredAt }];
  const next: KeyRecord = {
    ...record,
    accepted: record.accepted.filter((other) => other.value !== value || other.name === record.target),
    retired: [...record.retired, ...ended].slice(-maxRetired),
  };
  return { action: writeRecord(asked, next, [warning('Revoked', `${key}: generation ${name} is refused from now on`)]) };
}

/** Stays until the generation is retired: it is a permission. */
function retire({ key, record, generation }: Asked): Answer {
  return generation.name === record.target ? { refusal: `${key}: generation ${generation.name} is the one in force` } : undefined;
}

/** The request stands on the bootstrap Secret: an effect on another Secret consumes it in the next pass. */
function write(asked: Asked, values: WriteSource['values'], notice: Notice, consumes = true): Answer {
  const source = sourceOf(asked.key);
  const secret = asked.snapshot.sources[source];
  if (!secret || secret.external) return { refusal: `${asked.key}: change it at its source, which the operator does not write` };
  return {
    action: {
      kind: 'WriteSource',
      source,
      resourceVersion: secret.resourceVersion,
      identity: undefined,
      values,
      consumed: source === 'bootstrap' && consumes ? [asked.request] : [],
      dropsMark: true,
      notices: [notice],
    },
  };
}

function consume(request: Request, { resourceVersion }: SourceSecret, refusal: string | undefined): WriteSource {
  return {
    kind: 'WriteSource',
    source: 'bootstrap',
    resourceVersion,
    identity: undefined,
    values: {},
    consumed: [request],
    dropsMark: false,
    notices: refusal === undefined ? [] : [warning('Refused', `${request} was refused: ${refusal}`)],
  };
}

function find(name: string, { keyring }: KeyringSecret) {
  for (const key of keyNames) {
    const record = keyring.keys[key];
    const generation = record?.accepted.find((candidate) => candidate.name === name);
    if (record && generation) return { key, record, generation };
  }
  return undefined;
}

function isRetired(name: string, { keyring }: KeyringSecret): boolean {
  return keyNames.some((key) => keyring.keys[key]?.retired.some((generation) => generation.name === name) ?? false);
}
