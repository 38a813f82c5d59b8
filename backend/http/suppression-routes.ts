/** The lists of what agent and scanner leave alone. */
import { Type } from 'typebox';
import { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../shared/contract/suppressions.ts';
import type { Store } from '../store/store.ts';
import type { Scope } from './scope.ts';

export function suppressionRoutes(scope: Scope, { store }: { readonly store: Store }): void {
  scope.get('/api/admin/excluded-pods', { schema: { response: { 200: Type.Array(ExcludedPod) } } }, () =>
    store.excludedPods(),
  );
  scope.get('/api/admin/excluded-namespaces', { schema: { response: { 200: Type.Array(ExcludedNamespace) } } }, () =>
    store.excludedNamespaces(),
  );
  scope.get('/api/admin/excluded-rules', { schema: { response: { 200: Type.Array(ExcludedRule) } } }, () =>
    store.excludedRules(),
  );
  scope.get('/api/admin/trusted-registries', { schema: { response: { 200: Type.Array(TrustedRegistry) } } }, () =>
    store.trustedRegistries(),
  );
}
