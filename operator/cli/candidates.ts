/** Which generations a request can name now, from the operator's status; each refusal says why none. Pure. */
import { keyNames, type KeyName } from '../../shared/credential/keyring.ts';
import { CommandError, refusal } from './exit.ts';
import { olderGenerations, type RotationStatus } from './status-document.ts';

export interface Candidate {
  readonly key: KeyName;
  readonly generation: string;
  /** The key's present target. */
  readonly target: string;
}

/** The target that can be given up: of the key, or of the only key that rotates. */
export function abortable(status: RotationStatus, key: KeyName | undefined): Candidate {
  const running = keyNames.flatMap((one): Candidate[] => {
    const view = status.keys[one];
    return view && view.target !== view.committed && (key ?? one) === one ? [{ key: one, generation: view.target, target: view.target }] : [];
  });
  const [only, ...more] = running;
  if (!only) throw refusal(`no rotation ${key === undefined ? '' : `of ${key} `}is under way, so there is nothing to abort`);
  if (more.length > 0) {
    throw new CommandError('usage', `several keys are rotating: name one: ${running.map((one) => one.key).join(', ')}`);
  }
  const view = status.keys[only.key];
  if (!view?.accepted.some(({ name }) => name === view.committed)) {
    throw refusal(`the value before generation ${only.generation} is retired already, so ${only.key} cannot go back; rotate it again instead`);
  }
  return only;
}

/** The value that a renderer made up: the named one, or the newest. */
export function acceptable(status: RotationStatus, generation: string | undefined): Candidate {
  const rendered = keyNames.flatMap((key): Candidate[] => {
    const { accepted = [], target = '' } = status.keys[key] ?? {};
    return accepted
      .filter(({ origin, name }) => origin === 'rendered' && name !== target)
      .map(({ name }) => ({ key, generation: name, target }));
  });
  const found = generation === undefined ? rendered.at(-1) : rendered.find((one) => one.generation === generation);
  if (found) return found;
  if (generation === undefined) throw refusal('no value made up by a renderer is waiting, so there is nothing to accept');
  throw refusal(`${generation} is not a value made up by a renderer; there is: ${listed(rendered)}`);
}

/** An older generation that is still accepted. */
export function retirable(status: RotationStatus, generation: string): Candidate {
  const older = keyNames.flatMap((key): Candidate[] => {
    const view = status.keys[key];
    return view ? olderGenerations(view).map(({ name }) => ({ key, generation: name, target: view.target })) : [];
  });
  const found = older.find((one) => one.generation === generation);
  if (found) return found;
  if (Object.values(status.keys).some(({ target }) => target === generation)) {
    throw refusal(`generation ${generation} is the one in force; rotate it instead`);
  }
  throw refusal(`${generation} is not an older generation that is still accepted; there is: ${listed(older)}`);
}

const listed = (candidates: readonly Candidate[]): string =>
  candidates.map(({ key, generation }) => `${generation} (${key})`).join(', ') || 'none';
