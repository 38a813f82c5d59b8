/** Which operator is tested: the bundle of this tree, or another one by its path, an older or a broken one. */
export const programVariable = 'KURE_BOOTSTRAP_OPERATOR';

export function programUnderTest(): string {
  const program = process.env[programVariable];
  if (program === undefined) throw new Error(`${programVariable} names no operator: the set-up of the tests does it`);
  return program;
}
