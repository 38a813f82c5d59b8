/** What is asked for by a whole URL, `GET http://host/path`, as clients of proxies do, is what the path names (RFC 9112, 3.2.2). */
import type { IncomingMessage } from 'node:http';

/** The target without scheme and host. The host that it names counts, not the one of the header. */
export function originForm({ url = '/', headers }: IncomingMessage): string {
  const [, host, target = '/'] = /^https?:\/\/(?:[^/?#@]*@)?([^/?#]+)([/?].*)?$/is.exec(url) ?? [];
  if (host === undefined) return url;
  headers.host = host;
  return target.startsWith('/') ? target : `/${target}`;
}
