import { BlockList, isIP } from 'node:net';

/** Addresses of this machine. Axios takes each of them for any other. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('0.0.0.0');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

const SUBNET = /^(?<address>[^/]+)\/(?<prefix>\d{1,3})$/;
/** An IPv4 address that is written as an IPv6 one, in the form that a URL gives it. */
const MAPPED_IPV4 = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;
const HOST_AND_PORT = /^(?<host>\[[^\]]+\]|[^:]+):(?<port>\d+)$/;

/**
 * Whether `NO_PROXY` exempts a server. Its entries are separated by commas or blanks: `*`, a host, an address, a subnet such as
 * `10.0.0.0/8`, or `.example.com` and `*.example.com` for every host below; a host may have a port.
 */
export function isExempt(hostname: string, port: number, noProxy: string): boolean {
  const host = normalized(hostname);
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInSubnet(entry, host);
  const parts = HOST_AND_PORT.exec(entry)?.groups;
  if (parts !== undefined && Number(parts['port']) !== port) return false;
  const name = (parts?.['host'] ?? entry).replace(/^\*/, '');
  if (/^\.[^.]/.test(name)) return host.endsWith(withoutDots(name));
  const exempt = normalized(name);
  return exempt !== '' && (host === exempt || (isLoopback(host) && isLoopback(exempt)));
}

function isInSubnet(entry: string, host: string): boolean {
  const { address, prefix } = SUBNET.exec(entry)?.groups ?? {};
  const network = address === undefined ? '' : normalized(address);
  if (!isIP(network) || isIP(network) !== isIP(host)) return false;
  const subnet = new BlockList();
  try {
    subnet.addSubnet(network, Number(prefix), family(network));
  } catch {
    // A prefix that is too long for the address.
    return false;
  }
  return subnet.check(host, family(host));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && LOOPBACK.check(host, family(host)));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** In the one form that a URL has for it: `127.1`, `[0:0::1]` and `BÜCHER.example` have several. */
function normalized(host: string): string {
  const text = withoutDots(host).replace(/^\[|\]$/g, '');
  const url = `http://${isIP(text) === 6 ? `[${text}]` : text}`;
  const name = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : text;
  const [high, low] =
    MAPPED_IPV4.exec(name)
      ?.slice(1)
      .map((group) => Number.parseInt(group, 16)) ?? [];
  return high === undefined || low === undefined ? name : [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function withoutDots(host: string): string {
  return host.replace(/\.+$/, '');
}
