/** Asks the operator for something by an annotation of the bootstrap Secret, and waits until it has been answered. */
import { sourceOf, type KeyName } from '../../shared/credential/keyring.ts';
import { collectionPath, type KubeObject } from '../../shared/kube/objects.ts';
import type { Request } from '../model/snapshot.ts';
import { CommandError } from './exit.ts';
import { demandFollowing, follow } from './follow.ts';
import { tellingWait } from './patience.ts';
import type { Session } from './session.ts';
import { speaksOf, type RotationStatus } from './status-document.ts';
import { annotate } from './source.ts';

export interface WaitOptions {
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** An operator that runs answers within a pass; a busy one within some. */
const answerMs = 60_000;

interface Event extends KubeObject {
  readonly message?: string;
  readonly lastTimestamp?: string;
}

/** Sets or removes the annotation; with `wait` until the operator's status meets `until`. Resolves with that status. */
export async function ask(
  session: Session,
  request: Request | 'pause',
  value: string | null,
  { wait }: WaitOptions,
  until: (status: RotationStatus) => boolean,
): Promise<RotationStatus | undefined> {
  if (wait) await demandFollowing(session);
  const resourceVersion = await annotate(session, request, value);
  if (!wait) return undefined;
  const answer = follow(session, {
    onStatus: () => {},
    until: (status) => speaksOf(status, 'bootstrap', resourceVersion) && until(status),
    timeoutMs: answerMs,
  });
  return tellingWait(session.screen, "for the operator's answer, for a minute at most", answer);
}

/** Asks for a new target of the key; throws with the operator's reason where it refused. */
export async function askForTarget(
  session: Session,
  request: Request,
  generation: string,
  { key, target }: { key: KeyName; target: string },
  options: WaitOptions,
): Promise<string | undefined> {
  // The annotation is gone before the new target is recorded: in between the phase is Debouncing.
  const isAnswered = ({ requests, phase, keys }: RotationStatus) =>
    requests[request] === undefined && (keys[key]?.target !== target || phase !== 'Debouncing');
  const status = await ask(session, request, generation, options, isAnswered);
  const next = status?.keys[key]?.target;
  if (next !== target) return next;
  throw new CommandError('refused', (await lastRefusal(session, request)) ?? `the operator did not carry out ${request} of ${sourceOf(key)} generation ${generation}`);
}

/** What the operator said last when it refused; undefined where events cannot be read. */
export async function lastRefusal({ client, release }: Session, request: Request): Promise<string | undefined> {
  const fieldSelector = `reason=Refused,involvedObject.name=${release.bootstrapSecret}`;
  try {
    const { items } = await client.get<{ items: Event[] }>(collectionPath('events', release.namespace), { fieldSelector });
    const own = items.filter(({ message }) => message?.startsWith(`${request} was refused`));
    return own.toSorted((left, right) => (left.lastTimestamp ?? '').localeCompare(right.lastTimestamp ?? '')).at(-1)?.message;
  } catch {
    return undefined;
  }
}
