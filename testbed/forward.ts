// What stands between a client and the API server sends each request on with the credentials of a connection of its own.
import { request as plainRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Connection } from '../shared/kube/connect.ts';

export interface Forwarding {
  /** The client has the head of the answer; its body is for this function to pass on. */
  readonly answered: (answer: IncomingMessage) => void;
  /** The server cannot be reached, or has gone before it answered. */
  readonly broken: () => void;
}

/** Resolves with the request to the server as soon as it is under way. Rejects where there are no credentials. */
export async function forward(
  upstream: Connection,
  request: IncomingMessage,
  response: ServerResponse,
  { answered, broken }: Forwarding,
): Promise<ClientRequest> {
  const { agent, baseUrl } = upstream;
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const options = { agent, method: request.method, headers: { ...headers, ...(await upstream.authorize()) } };
  const send = baseUrl.protocol === 'https:' ? tlsRequest : plainRequest;
  const forwarded = send(new URL(request.url ?? '/', baseUrl), options, (answer) => {
    const { connection: _hop, 'transfer-encoding': _coding, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, headers).flushHeaders();
    answer.once('error', () => response.destroy());
    answered(answer);
  });
  forwarded.on('error', broken);
  return request.pipe(forwarded);
}
