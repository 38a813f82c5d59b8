/** Requests to elsewhere: no address that people can enter leads into the cluster, the node or the cloud's metadata. */
import type { lookup } from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { AllowedAddresses } from '../../backend/outbound/allowed-addresses.ts';
import { Outbound, type OutboundOptions } from '../../backend/outbound/outbound.ts';

const secretPath = '/services/very-secret';

function outbound(opened: readonly string[] = [], options: Partial<OutboundOptions> = {}): Outbound {
  const made = new Outbound({ allowed: new AllowedAddresses(opened), ...options });
  onTestFinished(() => made.close());
  return made;
}

/** Returns the port, and how many requests came. */
async function target(answer: RequestListener = (_request, response) => response.end()): Promise<{ port: number; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return { port: (server.address() as AddressInfo).port, requests: () => requests };
}

/** A resolver that gives the next answer each time. */
const resolving = (...answers: readonly string[]): typeof lookup => {
  let asked = 0;
  const resolver = (_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address: answers[Math.min(asked++, answers.length - 1)], family: 4 }]);
  return resolver as unknown as typeof lookup;
};

const internal = [
  '127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '0.0.0.0', '10.96.0.1', '100.64.0.1', '169.254.169.254',
  '172.16.0.1', '192.168.1.1', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '[::1]', '[::]', '[fe80::1]', '[fd00::1]',
  '[::ffff:127.0.0.1]', '[::ffff:8.8.8.8]', '[64:ff9b::a00:1]', '[2002:7f00:1::]', '[2001:0:1::1]', '[ff02::1]', 'localhost',
];

it.each(internal)('%s is refused, and asks nobody', async (host) => {
  const { port, requests } = await target();
  await expect(outbound().post(`http://${host}:${port}${secretPath}`, {})).rejects.toThrow(/is an internal address.*OUTBOUND_ALLOW/);
  expect(requests()).toBe(0);
});

it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111'])('%s is public', (address) => {
  expect(new AllowedAddresses([]).allows(address, address)).toBe(true);
});

it.each(['127.0.0.1', '127.0.0.0/8', 'localhost'])('%s in OUTBOUND_ALLOW opens it', async (entry) => {
  const { port, requests } = await target();
  const host = entry === 'localhost' ? entry : '127.0.0.1';
  await outbound([entry]).post(`http://${host}:${port}${secretPath}`, {});
  expect(requests()).toBe(1);
});

it('one name in OUTBOUND_ALLOW opens no other that resolves to the same', async () => {
  const { port, requests } = await target();
  await expect(outbound(['relay.example'], { resolver: resolving('127.0.0.1') }).post(`http://other.example:${port}/`, {})).rejects.toThrow('internal');
  expect(requests()).toBe(0);
});

it('a name that resolves to an internal address the second time gains nothing', async () => {
  const { port, requests } = await target();
  const sender = outbound([], { resolver: resolving('203.0.113.1', '127.0.0.1') });
  for (let call = 0; call < 2; call++) await expect(sender.post(`http://rebinding.example:${port}/`, {})).rejects.toThrow('internal');
  expect(requests()).toBe(0);
});

it('a redirect is not followed', async () => {
  const metadata = await target();
  const { port } = await target((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${metadata.port}/` }).end());
  await expect(outbound(['127.0.0.1']).post(`http://127.0.0.1:${port}${secretPath}`, {})).rejects.toThrow('127.0.0.1 answered 302');
  expect(metadata.requests()).toBe(0);
});

it('who never answers is given up, and no error has the path', async () => {
  const { port } = await target(() => undefined);
  const sending = outbound(['127.0.0.1'], { timeoutMs: 50 }).post(`http://127.0.0.1:${port}${secretPath}`, {});
  const error = await sending.catch((caught: Error) => caught);
  expect(String(error)).toContain('did not answer');
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secretPath);
});

it('an endless answer is not read', async () => {
  const { port } = await target((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
  await expect(outbound(['127.0.0.1']).post(`http://127.0.0.1:${port}/`, {})).resolves.toBeUndefined();
});

/** Answers with this line and nothing else. */
async function answering(line: string): Promise<string> {
  const server = createTcpServer((socket) => void socket.once('data', () => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${secretPath}`;
}

const foreign = '403 Zugriff verweigert \u2014 \u7981\u6b62';

it.each([['999 Denied', 999], [foreign, 403]])('an answer of a form that the web does not know is an answer, too: %s', async (line, status) => {
  const sending = outbound(['127.0.0.1']).post(await answering(line), {});
  await expect(sending).rejects.toMatchObject({ name: 'OutboundError', message: `127.0.0.1 answered ${status}` });
});

it('what a library gets has the reason where it is one that it takes', async () => {
  const sender = outbound(['127.0.0.1']);
  expect(await sender.fetch(await answering('403 Not here'))).toMatchObject({ status: 403, statusText: 'Not here' });
  expect(await sender.fetch(await answering(foreign))).toMatchObject({ status: 403, statusText: '' });
});
