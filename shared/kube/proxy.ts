/** The proxy that the environment names for a server, read as kubectl does (golang.org/x/net/http/httpproxy). */
import { BlockList, isIP, isIPv6 } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** An URL; undefined where the server is to be reached without a proxy, as this machine always is. */
export function proxyFor(server: URL, env: Environment): string | undefined {
  const setting = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const proxy = setting(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined || isExcepted(server, `localhost,127.0.0.0/8,::1,${setting('NO_PROXY') ?? ''}`)) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `except`: names, which stand for those below them, too, addresses, each with or without a port, and networks, between commas. */
function isExcepted({ hostname, port, protocol }: URL, except: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  const entries = except.toLowerCase().split(',').map((entry) => entry.trim());
  return entries.some((entry) => entry === '*' || isInNetwork(host, entry) || isNamed(host, ownPort, entry));
}

function isInNetwork(host: string, entry: string): boolean {
  const [network = '', prefix] = entry.split('/');
  if (prefix === undefined || !/^\d{1,3}$/.test(prefix) || !isIP(network) || !isIP(host)) return false;
  if (Number(prefix) > (isIPv6(network) ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), familyOf(network));
  return list.check(host, familyOf(host));
}

function isNamed(host: string, ownPort: string, entry: string): boolean {
  const { name = entry, port } = (isIP(entry) ? undefined : /^(?<name>.*):(?<port>\d+)$/.exec(entry)?.groups) ?? {};
  if (port !== undefined && port !== ownPort) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
  if (bare === '' || isIP(bare)) return bare === host;
  return host === bare || (!isIP(host) && host.endsWith(bare.startsWith('.') ? bare : `.${bare}`));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');
