// Runs inside the network namespace: a port there that leads to a unix socket of the host. On the loopback, where another
// address is not given.
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [port, socketPath, address = '127.0.0.1'] = process.argv.slice(2);
if (!port || !socketPath) throw new Error('outlet.ts needs a port and the socket it leads to');

createServer((client) => {
  const target = connect(socketPath);
  pipeline(client, target, client, () => {});
}).listen(Number(port), address, () => console.log('ready'));
