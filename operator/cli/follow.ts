/** Follows the operator's ConfigMap by a watch until it says what is waited for. */
import { collectionPath } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import type { Release } from '../model/release.ts';
import { CommandError } from './exit.ts';
import type { Session } from './session.ts';
import { allWaitingFor, readDocument, type ConfigMap, type RotationStatus } from './status-document.ts';

export interface Following extends Pick<Session, 'client' | 'clock' | 'signal'> {
  readonly release: Pick<Release, 'namespace' | 'rotationConfigMap'>;
}

export interface Follow {
  /** Called with every status, the present one first. */
  readonly onStatus: (status: RotationStatus) => void;
  /** Ends the following; it may throw to end it with an error. */
  readonly until: (status: RotationStatus) => boolean;
  /** Milliseconds; without it there is no end. */
  readonly timeoutMs?: number;
}

/** Throws where we may not read what `follow` reads: before anything is written that would then be waited for in vain. */
export async function demandFollowing({ client, release }: Following): Promise<void> {
  await client.get(...watched(release));
}

const watched = ({ namespace, rotationConfigMap }: Following['release']) =>
  [collectionPath('configmaps', namespace), { fieldSelector: `metadata.name=${rotationConfigMap}` }] as const;

/** Rejects with a CommandError that names what the last status waited for when the time is over. */
export async function follow({ client, release, clock, signal }: Following, { onStatus, until, timeoutMs }: Follow): Promise<RotationStatus> {
  const end = Promise.withResolvers<RotationStatus>();
  let last: RotationStatus | undefined;
  const [path, selectors] = watched(release);
  const reflector = new Reflector<ConfigMap>({
    client,
    path,
    ...selectors,
    clock,
    log: createLogger('command-line', 'silent'),
    onChange: ({ type, object }) => {
      if (type === 'deleted') return;
      try {
        last = readDocument(object);
        onStatus(last);
        if (until(last)) end.resolve(last);
      } catch (error) {
        end.reject(error);
      }
    },
  });
  const timer = setTimeout(() => end.reject(timedOut(last)), Math.min(timeoutMs ?? Infinity, maxTimerMs));
  const stop = () => end.reject(new CommandError('failure', goesOn));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  reflector.start();
  try {
    return await end.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await reflector.stop();
  }
}

const goesOn = 'the operator goes on by itself; look again with `kure-bootstrap status --watch`';

/** What a timer of Node.js can hold. */
const maxTimerMs = 2 ** 31 - 1;

function timedOut(last: RotationStatus | undefined): CommandError {
  if (last === undefined) return new CommandError('timedOut', 'the operator has not written any status in this time');
  const waitingFor = allWaitingFor(last);
  const what = waitingFor.length === 0 ? '' : `, waiting for ${waitingFor.join('; ')}`;
  const failures = last.failures.map((failure) => `; ${failure}`).join('');
  return new CommandError(
    'timedOut',
    `the phase is still ${last.phase}${what}${failures}; ${goesOn}`,
  );
}
