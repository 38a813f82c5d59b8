import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReaderIndex, type Candidate } from '../../../../operator/observe/reader-index.ts';

const candidate = (uid: string, namespace: string, ...secrets: string[]): Candidate<string> => ({
  metadata: { uid, resourceVersion: '1' },
  namespace,
  reads: secrets.map((secret) => ({ secret, entry: undefined })),
  facts: uid,
});

const namesOf = (found: Candidate<string>[]) => found.map(({ facts }) => facts);

it('names each reader once, however many of the Secrets it reads', () => {
  const index = new ReaderIndex<string>();
  index.note({ type: 'set', object: candidate('a', 'blue', 'x', 'y', 'x'), previous: undefined });
  index.note({ type: 'set', object: candidate('b', 'blue', 'y'), previous: undefined });
  index.note({ type: 'set', object: candidate('c', 'green', 'x'), previous: undefined });
  expect(namesOf(index.readersOf('blue', ['x', 'y']))).toEqual(['a', 'b']);
  expect(namesOf(index.readersOf('blue', ['z']))).toEqual([]);
});

it('is true after any history', () => {
  const uid = fc.constantFrom('a', 'b', 'c');
  const secrets = fc.subarray(['x', 'y', 'z'], { minLength: 1 });
  const history = fc.array(fc.record({ uid, secrets, gone: fc.boolean() }));
  fc.assert(
    fc.property(history, (told) => {
      const index = new ReaderIndex<string>();
      const known = new Map<string, Candidate<string>>();
      for (const { uid, secrets, gone } of told) {
        const previous = known.get(uid);
        const object = candidate(uid, 'blue', ...secrets);
        if (!gone) index.note({ type: 'set', object, previous });
        else if (previous) index.note({ type: 'deleted', object: previous });
        if (gone) known.delete(uid);
        else known.set(uid, object);
      }
      for (const name of ['x', 'y', 'z']) {
        const readers = [...known.values()].filter(({ reads }) => reads.some(({ secret }) => secret === name));
        expect(namesOf(index.readersOf('blue', [name])).toSorted()).toEqual(namesOf(readers).toSorted());
      }
    }),
  );
});
