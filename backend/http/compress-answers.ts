/** Long lists go out compressed, by gzip: every browser takes it, over plain HTTP, too. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Scope } from './scope.ts';

const compress = promisify(gzip);

/** A shorter text fits into a few packets as it is. */
const shortest = 4_096;

export function compressAnswers(scope: Scope): void {
  scope.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < shortest || request.method !== 'GET') return payload;
    reply.header('vary', 'accept-encoding');
    if (!takesGzip(request.headers['accept-encoding'])) return payload;
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compress(payload);
  });
}

/** RFC 9110, 12.5.3: `gzip`, and not with the weight 0. */
const takesGzip = (header: string | string[] | undefined): boolean => /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(header));
