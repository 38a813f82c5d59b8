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
export const NewExcludedRule = Type.Object({
  rule_title: Name,
  namespace: Type.Optional(Type.Union([Name, Type.Null()])),
});
