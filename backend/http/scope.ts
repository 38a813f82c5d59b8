import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';

/** Where routes are registered: a fastify instance whose handlers are typed by their schemas. */
export type Scope = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Some proxies add the port, `203.0.113.7:50001` or `[2001:db8::1]:50001`, and a socket for both families has IPv4 as `::ffff:203.0.113.7`. */
export const bareAddress = (address: string): string =>
  address.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(?:::ffff:)?(\d+(?:\.\d+){3})(?::\d+)?$/i, '$1');

/** The address of the connection itself: headers that claim another one can be forged. */
export const addressOf = ({ remoteAddress = 'unknown' }: Socket): string => bareAddress(remoteAddress);

/** The path without the query string, in which a token may be. */
export function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
