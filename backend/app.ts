/** The HTTP side, in the order in which a request passes it. Builds and never listens. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { errorCodes } from 'fastify';
import type { Clock } from '../shared/clock.ts';
import { Attestation, attestationPath } from '../shared/contract/attestation.ts';
import type { Logger } from '../shared/log.ts';
import type { BuiltDashboard } from './built-dashboard.ts';
import type { Accounts } from './domain/accounts.ts';
import type { Explainer } from './domain/explainer.ts';
import { Exclusions } from './domain/exclusions.ts';
import type { LiveFeed } from './domain/live-feed.ts';
import type { LlmSettings } from './domain/llm-settings.ts';
import type { NotificationSettings } from './domain/notification-settings.ts';
import type { Notifier } from './domain/notifier.ts';
import type { Readiness } from './domain/readiness.ts';
import type { Retention } from './domain/retention.ts';
import type { ServiceGate } from './domain/service-gate.ts';
import type { ServiceTokens } from './domain/service-tokens.ts';
import type { Sessions } from './domain/sessions.ts';
import type { UseLedger } from './domain/use-ledger.ts';
import type { UserAdmin } from './domain/user-admin.ts';
import { administrationRoutes } from './http/administration-routes.ts';
import { askForBodies } from './http/ask-for-bodies.ts';
import { authRoutes } from './http/auth-routes.ts';
import { compressAnswers } from './http/compress-answers.ts';
import { compiledOnDemand } from './http/compiled-on-demand.ts';
import { credentialsRoutes, type CredentialsRoutesDeps } from './http/credentials-routes.ts';
import { dashboardRoutes } from './http/dashboard-routes.ts';
import { documentRoute } from './http/document-route.ts';
import { explanationRoutes } from './http/explanation-routes.ts';
import { guard } from './http/guard.ts';
import { healthRoutes } from './http/health-routes.ts';
import { mayHave } from './http/methods.ts';
import { mirrorTtlRoute } from './http/mirror-ttl-route.ts';
import { originForm } from './http/origin-form.ts';
import { podRoutes } from './http/pod-routes.ts';
import { answerNotFound, createErrorHandler } from './http/problems.ts';
import { pathOf, type Scope } from './http/scope.ts';
import { securityRoutes } from './http/security-routes.ts';
import { storedPodRoutes } from './http/stored-pod-routes.ts';
import { suppressionRoutes } from './http/suppression-routes.ts';
import { userRoutes } from './http/user-routes.ts';
import { wantsWebSocket, webSocketRoute } from './http/web-socket-route.ts';
import type { LanguageModel } from './llm/language-model.ts';
import type { Metrics } from './metrics.ts';
import type { Stores } from './store/store.ts';

export interface AppDeps {
  readonly stores: Stores;
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  readonly gate: ServiceGate;
  readonly feed: LiveFeed;
  readonly sessions: Sessions;
  readonly accounts: Accounts;
  readonly userAdmin: UserAdmin;
  readonly llm: LlmSettings;
  readonly model: LanguageModel;
  readonly explainer: Explainer;
  readonly notifications: NotificationSettings;
  readonly notifier: Notifier;
  readonly retention: Retention;
  readonly attest: () => Promise<Attestation>;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly rotation: CredentialsRoutesDeps['rotation'];
  readonly dashboard: BuiltDashboard | undefined;
  readonly log: Logger;
}

/** A manifest and 256 KiB of compressed logs per crashed container. */
const maxBodyBytes = 16 * 1024 * 1024;
/** Twice the patience of the most patient client. */
const requestMs = 60_000;

export function buildApp(deps: AppDeps): Scope {
  const app = createServer(deps);
  addRoutes(app, deps);
  webSocketRoute(app, deps);
  return app;
}

export function createServer(deps: AppDeps): Scope {
  const handleError = createErrorHandler(deps.log);
  const app: Scope = fastify({
    // Its request log has URLs in it, and a URL may have a token in it.
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: requestMs,
    http: { shouldUpgradeCallback: wantsWebSocket },
    trustProxy: deps.trustedProxies.length > 0 && [...deps.trustedProxies],
    // A request that comes while the server closes is answered like any other.
    return503OnClosing: false,
    rewriteUrl: originForm,
    routerOptions: { maxParamLength: 1_024 },
    schemaController: { compilersFactory: compiledOnDemand },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler(handleError);
  app.setNotFoundHandler(answerNotFound);
  // Before a body is read, for nobody has to show here who they are.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || !mayHave(request.method, pathOf(request.url))) await answerNotFound(request, reply);
  });
  askForBodies(app);
  acceptEmptyBodies(app);
  app.addHook('onSend', async (_request, reply) => {
    // Makes clients that keep connections open come back by another one, which finds another pod.
    if (deps.readiness.draining) reply.header('connection', 'close');
  });
  compressAnswers(app);
  return app;
}

export function addRoutes(app: Scope, deps: AppDeps): void {
  const { stores } = deps;
  guard(app, deps);
  healthRoutes(app, deps);
  authRoutes(app, deps);
  administrationRoutes(app, deps);
  userRoutes(app, deps);
  credentialsRoutes(app, deps);
  const exclusions = new Exclusions(stores.suppressions, deps.clock);
  deps.feed.onTold(({ isControl }) => isControl && exclusions.forget());
  storedPodRoutes(app, stores);
  mirrorTtlRoute(app, { ...deps, ...stores });
  podRoutes(app, { ...deps, ...stores, exclusions });
  securityRoutes(app, { ...deps, ...stores, exclusions });
  explanationRoutes(app, { ...deps, ...stores });
  suppressionRoutes(app, { ...deps, ...stores });
  app.get(attestationPath, { schema: { response: { 200: Attestation } } }, () => deps.attest());
  documentRoute(app);
  dashboardRoutes(app, deps);
}

/**
 * The scanner sends `scan/clear` as JSON with nothing in it; `curl -d ''` and others say that nothing is a form. `__proto__` is
 * a field that nobody knows, like any other.
 */
function acceptEmptyBodies(app: Scope): void {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  );
  app.addContentTypeParser('*', (request, _body, done) =>
    request.headers['content-length'] === '0' ? done(null) : done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'])),
  );
}
