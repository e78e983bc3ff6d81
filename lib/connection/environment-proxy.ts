import { isExempt } from './no-proxy.js';
import { parseProxyUrl, type ProxyServer } from './proxy-server.js';

/**
 * The proxy that the environment names for an `https:` server, by the rules of Axios: `HTTPS_PROXY`, then `ALL_PROXY`, unless
 * `NO_PROXY` exempts the server; each in small letters first; an address without a scheme gets that of the server.
 *
 * @throws ProxyTunnelError if it is not the URL of an HTTP proxy.
 */
export function environmentProxy(hostname: string, port: number): ProxyServer | undefined {
  const proxy = variable('https_proxy') || variable('all_proxy');
  if (!proxy || isExempt(hostname, port, variable('no_proxy'))) return undefined;
  return parseProxyUrl(proxy.includes('://') ? proxy : `https://${proxy}`);
}

function variable(name: string): string {
  return process.env[name] || process.env[name.toUpperCase()] || '';
}
