// Runs inside the network namespace and lets the host in: an HTTP CONNECT proxy
// on a unix socket, because a path crosses network namespaces and a port does not.
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';

const [socketPath] = process.argv.slice(2);
if (!socketPath) throw new Error('gateway.ts needs the path of its socket');

const server = createServer((_request, response) => response.writeHead(405).end('CONNECT host:port\n'));

server.on('connect', (request, client, head) => {
  const colon = (request.url ?? '').lastIndexOf(':');
  const target = connect({
    host: request.url?.slice(0, colon) ?? '',
    port: Number(request.url?.slice(colon + 1)),
    noDelay: true,
  });
  client.on('error', () => target.destroy());
  target.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  target.once('connect', () => {
    target.removeAllListeners('error');
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    if (head.length > 0) target.write(head);
    pipeline(client, target, client, () => {}); // either end closing closes the other
  });
});

rmSync(socketPath, { force: true });
server.listen(socketPath);
