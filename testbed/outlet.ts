// Runs inside the network namespace: a loopback port that leads to a unix socket of the host.
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [port, socketPath] = process.argv.slice(2);
if (!port || !socketPath) throw new Error('outlet.ts needs a port and the socket it leads to');

createServer((client) => {
  const target = connect(socketPath);
  pipeline(client, target, client, () => {});
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
