/** The lists of what agent and scanner leave alone. */
import { Type } from 'typebox';
import { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../shared/contract/suppressions.ts';
import type { SuppressionStore } from '../store/store.ts';
import type { Scope } from './scope.ts';

export function suppressionRoutes(scope: Scope, { suppressions }: { readonly suppressions: SuppressionStore }): void {
  scope.get('/api/admin/excluded-pods', { schema: { response: { 200: Type.Array(ExcludedPod) } } }, () =>
    suppressions.excludedPods(),
  );
  scope.get('/api/admin/excluded-namespaces', { schema: { response: { 200: Type.Array(ExcludedNamespace) } } }, () =>
    suppressions.excludedNamespaces(),
  );
  scope.get('/api/admin/excluded-rules', { schema: { response: { 200: Type.Array(ExcludedRule) } } }, () =>
    suppressions.excludedRules(),
  );
  scope.get('/api/admin/trusted-registries', { schema: { response: { 200: Type.Array(TrustedRegistry) } } }, () =>
    suppressions.trustedRegistries(),
  );
}
