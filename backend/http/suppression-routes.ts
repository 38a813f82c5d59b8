/**
 * The lists of what agent and scanner leave alone. They are told after the commit, and then read the lists again; people are
 * told what that has taken out of sight.
 */
import { Type } from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { Done } from '../../shared/contract/security.ts';
import {
  ExcludedNamespace,
  ExcludedPod,
  ExcludedRule,
  NewExcludedNamespace,
  NewExcludedPod,
  NewExcludedRule,
  NewTrustedRegistry,
  TrustedRegistry,
} from '../../shared/contract/suppressions.ts';
import type { LiveFeed } from '../domain/live-feed.ts';
import { instant } from '../domain/instant.ts';
import type { FindingStore, GoneFinding, PodFailureStore, Suppressed, SuppressionStore } from '../store/store.ts';
import { HttpProblem } from './problems.ts';
import type { Scope } from './scope.ts';

export interface SuppressionRoutesDeps {
  readonly suppressions: SuppressionStore;
  readonly podFailures: PodFailureStore;
  readonly findings: FindingStore;
  readonly feed: LiveFeed;
  readonly clock: Clock;
}

const Name = Type.Object({ name: Type.String() });
const OfNamespace = Type.Object({ namespace: Type.Optional(Type.String()) });

export function suppressionRoutes(scope: Scope, deps: SuppressionRoutesDeps): void {
  pods(scope, deps);
  namespaces(scope, deps);
  rules(scope, deps);
  registries(scope, deps);
  candidates(scope, deps);
}

function pods(scope: Scope, { suppressions, feed, clock }: SuppressionRoutesDeps): void {
  const url = '/api/admin/excluded-pods';
  scope.get(url, { schema: { response: { 200: Type.Array(ExcludedPod) } } }, () => suppressions.excludedPods());
  scope.post(url, { schema: { body: NewExcludedPod, response: { 200: ExcludedPod } } }, async ({ body }) => {
    const excluded = await suppressions.excludePod(notBlank(body.pod_name, 'Pod name'), instant(clock.now()));
    for (const failure of excluded.covered) feed.tell('pod_status_change', failure);
    feed.tell('pod_exclusion_change', { pod_name: excluded.item.pod_name, action: 'excluded' });
    return excluded.item;
  });
  scope.delete(`${url}/:name`, { schema: { params: Name, response: { 200: Done } } }, async ({ params: { name } }) => {
    if (!(await suppressions.includePod(name))) throw new HttpProblem(404, 'This pod is not excluded');
    feed.tell('pod_exclusion_change', { pod_name: name, action: 'included' });
    return { message: 'Pod included again' };
  });
}

function namespaces(scope: Scope, { suppressions, feed, clock }: SuppressionRoutesDeps): void {
  const url = '/api/admin/excluded-namespaces';
  scope.get(url, { schema: { response: { 200: Type.Array(ExcludedNamespace) } } }, () => suppressions.excludedNamespaces());
  scope.post(url, { schema: { body: NewExcludedNamespace, response: { 200: ExcludedNamespace } } }, async ({ body }) => {
    const excluded = await suppressions.excludeNamespace(notBlank(body.namespace, 'Namespace'), instant(clock.now()));
    tellGone(feed, excluded);
    feed.tell('namespace_exclusion_change', { namespace: excluded.item.namespace, action: 'excluded' });
    return excluded.item;
  });
  scope.delete(`${url}/:name`, { schema: { params: Name, response: { 200: Done } } }, async ({ params: { name } }) => {
    if (!(await suppressions.includeNamespace(name))) throw new HttpProblem(404, 'This namespace is not excluded');
    feed.tell('namespace_exclusion_change', { namespace: name, action: 'included' });
    return { message: 'Namespace included again' };
  });
}

function rules(scope: Scope, { suppressions, feed, clock }: SuppressionRoutesDeps): void {
  const url = '/api/admin/excluded-rules';
  scope.get(url, { schema: { response: { 200: Type.Array(ExcludedRule) } } }, () => suppressions.excludedRules());
  scope.post(url, { schema: { body: NewExcludedRule, response: { 200: ExcludedRule } } }, async ({ body }) => {
    const title = notBlank(body.rule_title, 'Rule title');
    const excluded = await suppressions.excludeRule(title, body.namespace?.trim() || null, instant(clock.now()));
    tellGone(feed, excluded);
    feed.tell('rule_exclusion_change', { rule_title: title, namespace: excluded.item.namespace, action: 'excluded' });
    return excluded.item;
  });
  const removal = { schema: { params: Name, querystring: OfNamespace, response: { 200: Done } } };
  scope.delete(`${url}/:name`, removal, async ({ params: { name }, query }) => {
    const namespace = query.namespace?.trim() || null;
    if (!(await suppressions.includeRule(name, namespace))) throw new HttpProblem(404, 'This rule is not excluded there');
    feed.tell('rule_exclusion_change', { rule_title: name, namespace, action: 'included' });
    return { message: 'Rule included again' };
  });
}

function registries(scope: Scope, { suppressions, feed, clock }: SuppressionRoutesDeps): void {
  const url = '/api/admin/trusted-registries';
  scope.get(url, { schema: { response: { 200: Type.Array(TrustedRegistry) } } }, () => suppressions.trustedRegistries());
  scope.post(url, { schema: { body: NewTrustedRegistry, response: { 200: TrustedRegistry } } }, async ({ body }) => {
    const registry = notBlank(body.registry, 'Registry').toLowerCase();
    // The scanner compares hosts, so anything else would never match.
    if (/[/:\s]/.test(registry)) throw new HttpProblem(400, 'Give the host alone, without port and path');
    const trusted = await suppressions.trustRegistry(registry, instant(clock.now()));
    tellGone(feed, trusted);
    feed.tell('trusted_registry_change', { registry, action: 'added' });
    return trusted.item;
  });
  scope.delete(`${url}/:name`, { schema: { params: Name, response: { 200: Done } } }, async ({ params: { name } }) => {
    if (!(await suppressions.distrustRegistry(name))) throw new HttpProblem(404, 'This registry is not on the list');
    feed.tell('trusted_registry_change', { registry: name, action: 'removed' });
    return { message: 'Registry removed' };
  });
}

/** What could be put on the lists: what is seen now. */
function candidates(scope: Scope, { podFailures, findings }: SuppressionRoutesDeps): void {
  const texts = { schema: { response: { 200: Type.Array(Type.String()) } } };
  scope.get('/api/admin/namespaces', texts, () => findings.namespaces());

  const titles = { schema: { querystring: OfNamespace, ...texts.schema } };
  scope.get('/api/admin/rule-titles', titles, async ({ query }) => {
    const seen = await findings.titles(query.namespace || undefined);
    return [...new Set(seen.flatMap((title) => [title, title.split(': ')[0]!]))].sort();
  });

  const names = Type.Array(Type.Object({ pod_name: Type.String(), namespace: Type.String() }));
  scope.get('/api/admin/monitored-pods', { schema: { response: { 200: names } } }, async () => {
    const failing = await podFailures.withStatus('new', 'investigating');
    return failing.toSorted((one, other) => (one.pod_name < other.pod_name ? -1 : 1));
  });
}

function tellGone(feed: LiveFeed, { covered }: Suppressed<unknown, GoneFinding>): void {
  for (const finding of covered) feed.tell('security_finding_deleted', finding);
}

function notBlank(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new HttpProblem(400, `${what} is required`);
  return trimmed;
}
