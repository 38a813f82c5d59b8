// Runs on the host: a loopback port that leads to the API server inside the
// namespace. Bytes pass as they are, so watches, exec and port-forward do, too.
import { createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { reach } from './reach.ts';

const [port, address] = process.argv.slice(2);
if (!port || !address) throw new Error('relay.ts needs a port and the address it leads to');

createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  client.on('error', () => {}); // pipeline cleans up; before it there is nothing to clean
  client.pause();
  reach(address).then(
    (target) => pipeline(client, target, client, () => {}),
    () => client.destroy(),
  );
}).listen(Number(port), '127.0.0.1');
