/**
 * Orders two resourceVersions of the same resource type, as KEP-5504 (comparable resource versions) allows:
 * decimal integers without leading zeros. Returns a negative number, 0 or a positive number.
 */
export function compareResourceVersions(left: string, right: string): number {
  return left.length === right.length ? (left < right ? -1 : Number(left > right)) : left.length - right.length;
}
