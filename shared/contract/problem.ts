/** The body of every answer that is not a success. Upstream's clients read `message`, its dashboard reads `detail`. */
import { Type, type Static } from 'typebox';

/** One mistake in a request: where it is and what is expected there. Never the value that was sent. */
export const Mistake = Type.Object({
  type: Type.String({ description: 'the rule that was broken, such as `required` or `type`' }),
  loc: Type.Array(Type.String(), { description: 'such as `["body", "events", "0", "reason"]`' }),
  msg: Type.String(),
});

export const Problem = Type.Object({
  error: Type.String(),
  message: Type.String({ description: 'one sentence for people: what is wrong and what to do' }),
  detail: Type.Union([Type.String(), Type.Array(Mistake)]),
  path: Type.String({ description: 'without the query string: a token may be in it' }),
});

export type Mistake = Static<typeof Mistake>;
export type Problem = Static<typeof Problem>;
