import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareResourceVersions } from '../../../shared/resource-version.ts';

it.each([['9', '10', -1], ['10', '9', 1], ['99', '100', -1], ['7', '7', 0], ['12', '13', -1], ['', '1', -1]])(
  'orders %j and %j as numbers do',
  (left, right, sign) => {
    expect(Math.sign(compareResourceVersions(left, right))).toBe(sign);
  },
);

it('orders any two versions as numbers do, also those that no double can hold', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), fc.bigInt({ min: 0n, max: 2n ** 80n }), (left, right) => {
      const expected = left < right ? -1 : Number(left > right);
      expect(Math.sign(compareResourceVersions(String(left), String(right)))).toBe(expected);
    }),
  );
});
