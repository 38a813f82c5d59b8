/** The dashboard's files. Every other path that is nobody else's is a page of it, so that a link to one can be opened. */
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { BuiltDashboard } from '../built-dashboard.ts';
import { answerNotFound } from './problems.ts';
import { pathOf, type Scope } from './scope.ts';

const page = 'index.html';
/** Their names have a hash of what is in them. */
const hashed = /^assets\//;
const oneYear = 365 * 24 * 60 * 60;

const notBuilt = 'The dashboard is not built. Run "npm run build:dashboard", then start the backend again.\n';

const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // Links of invitations and password resets have their token in the path.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function dashboardRoutes(scope: Scope, { dashboard }: { readonly dashboard: BuiltDashboard | undefined }): void {
  if (dashboard) {
    scope.register(fastifyStatic, {
      root: dashboard.root,
      serve: false,
      preCompressed: true,
      cacheControl: false,
      // In an image every file has the same time and an index.html keeps its size, so one build looks like the next.
      etag: false,
      lastModified: false,
    });
  }
  scope.get('/*', async (request, reply) => {
    const path = pathOf(request.url).slice(1);
    if (isOfOthers(path)) return answerNotFound(request, reply);
    if (!dashboard) return reply.code(404).type('text/plain').send(notBuilt);
    if (dashboard.files.has(path)) return sendFile(reply, path);
    return hasExtension(path) ? answerNotFound(request, reply) : sendFile(reply, page);
  });
}

const isOfOthers = (path: string): boolean => /^(api|ws|health|ready|metrics)(\/|$)/.test(path);

const hasExtension = (path: string): boolean => /\.[^/]*$/.test(path);

function sendFile(reply: FastifyReply, path: string): FastifyReply {
  const caching = hashed.test(path) ? `public, max-age=${oneYear}, immutable` : 'no-cache';
  return reply.headers({ ...securityHeaders, 'cache-control': caching }).sendFile(path);
}
