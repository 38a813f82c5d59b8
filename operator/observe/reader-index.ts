/** Who reads which Secret, so that neither a look at a release nor a change of one object goes through all of them. */
import type { ObjectMeta } from '../../shared/kube/objects.ts';
import type { Delta } from '../../shared/kube/reflector.ts';
import type { SecretRead } from './reads.ts';

/** An object that reads a Secret which may be a release's, reduced to what deciding needs. */
export interface Candidate<Facts> {
  readonly metadata: Pick<ObjectMeta, 'uid' | 'resourceVersion'>;
  readonly namespace: string;
  readonly reads: readonly SecretRead[];
  readonly facts: Facts;
}

export class ReaderIndex<Facts> {
  readonly #bySecret = new Map<string, Map<string, Candidate<Facts>>>();

  note(delta: Delta<Candidate<Facts>>): void {
    if (delta.type === 'deleted') return this.#remove(delta.object);
    if (delta.previous) this.#remove(delta.previous);
    for (const id of secretsOf(delta.object)) {
      const readers = this.#bySecret.get(id) ?? new Map<string, Candidate<Facts>>();
      this.#bySecret.set(id, readers.set(delta.object.metadata.uid, delta.object));
    }
  }

  /** Each once, also one that reads several of these Secrets. */
  readersOf(namespace: string, secretNames: readonly string[]): Candidate<Facts>[] {
    return [...new Set(secretNames.flatMap((name) => [...(this.#bySecret.get(`${namespace}/${name}`)?.values() ?? [])]))];
  }

  #remove(candidate: Candidate<Facts>): void {
    for (const id of secretsOf(candidate)) {
      const readers = this.#bySecret.get(id);
      readers?.delete(candidate.metadata.uid);
      if (readers?.size === 0) this.#bySecret.delete(id);
    }
  }
}

const secretsOf = ({ namespace, reads }: Candidate<unknown>): string[] => reads.map(({ secret }) => `${namespace}/${secret}`);
