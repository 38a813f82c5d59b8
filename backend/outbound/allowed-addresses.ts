/**
 * Where the backend may send requests that people configure: the public internet, and what `OUTBOUND_ALLOW` opens. All
 * else could be the cluster, the node or the cloud's metadata service. Ranges: IANA's special-purpose registries (RFC 6890).
 */
import { BlockList, isIP } from 'node:net';

const special4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];

/** Of IPv6 only global unicast can be public; embedded IPv4 (mapped, NAT64) is outside of it, 6to4 and Teredo are not. */
const global6 = ['2000::/3'];
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

export class AllowedAddresses {
  readonly #opened = new BlockList();
  readonly #openedHosts = new Set<string>();
  readonly #special = blockList([...special4, ...special6]);
  readonly #global = blockList(global6);

  /** Addresses, networks such as `10.0.0.0/8`, and host names, which are open whatever they resolve to. */
  constructor(opened: readonly string[]) {
    for (const entry of opened) {
      if (isNetwork(entry)) add(this.#opened, entry);
      else this.#openedHosts.add(entry.toLowerCase());
    }
  }

  /** Whether somebody who runs the backend has named this host itself; `host` as in a URL. */
  opensHost(host: string): boolean {
    const address = bare(host);
    return this.#openedHosts.has(address.toLowerCase()) || this.#isOpened(address);
  }

  /** Whether `address` may be connected to for `host`. */
  allows(host: string, address: string): boolean {
    if (this.#openedHosts.has(bare(host).toLowerCase()) || this.#isOpened(address)) return true;
    const family = isIP(address);
    if (family === 4) return !this.#special.check(address, 'ipv4');
    return family === 6 && this.#global.check(address, 'ipv6') && !this.#special.check(address, 'ipv6');
  }

  #isOpened(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#opened.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Without the brackets that a URL puts around IPv6. */
export const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

export function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return bits > 0 && rest.length === 0 && (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits));
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) add(list, network);
  return list;
}

function add(list: BlockList, network: string): void {
  const [address = '', length] = network.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length), family);
}
