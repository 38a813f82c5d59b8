/** A language model has not answered. The message says why, to people, and has neither the key nor the question in it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** There is nobody to ask until an admin sets something: nothing was sent. */
export class NoModel extends NoAnswer {}
