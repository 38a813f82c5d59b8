/** What agent and scanner must leave alone: the four lists they read (upstream 2.3). */
import { Type, type Static } from 'typebox';
import { Instant } from './instant.ts';

const row = { id: Type.Integer(), created_at: Instant };

export const ExcludedPod = Type.Object({ ...row, pod_name: Type.String() });
export const ExcludedNamespace = Type.Object({ ...row, namespace: Type.String() });
export const TrustedRegistry = Type.Object({ ...row, registry: Type.String() });
export const ExcludedRule = Type.Object({
  ...row,
  rule_title: Type.String(),
  namespace: Type.Union([Type.String(), Type.Null()], { description: 'null: in all namespaces' }),
});

export type ExcludedPod = Static<typeof ExcludedPod>;
export type ExcludedNamespace = Static<typeof ExcludedNamespace>;
export type TrustedRegistry = Static<typeof TrustedRegistry>;
export type ExcludedRule = Static<typeof ExcludedRule>;

const Name = Type.String({ maxLength: 500 });
export const NewExcludedPod = Type.Object({ pod_name: Name });
export const NewExcludedNamespace = Type.Object({ namespace: Name });
export const NewTrustedRegistry = Type.Object({ registry: Name });
/** Both are in one index, so the title is at most as long as that of a finding, and the namespace a name in Kubernetes, or nothing. */
export const NewExcludedRule = Type.Object({
  rule_title: Type.String({ maxLength: 450 }),
  namespace: Type.Optional(Type.Union([Type.String({ maxLength: 253, pattern: '^[ -~]*$' }), Type.Null()])),
});
