import type { AxiosProxyConfig } from 'axios';
import { ownValue } from './own-value.js';
import { ProxyTunnelError } from './proxy-tunnel.error.js';

/** An HTTP proxy. It may hold a password: never hand it out. */
export interface ProxyServer {
  readonly isSecure: boolean;
  /** IPv6 addresses without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Host and port, to show. */
  readonly address: string;
  /** Value of the header `Proxy-Authorization`; absent if there are no credentials. */
  readonly authorization: string | undefined;
}

/**
 * @param text URL of a proxy, as an environment variable has it.
 * @throws ProxyTunnelError if it is not the URL of an HTTP proxy.
 */
export function parseProxyUrl(text: string): ProxyServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    throw new ProxyTunnelError('the proxy of the environment is not a valid URL: check HTTPS_PROXY and ALL_PROXY');
  }
  return proxyServer(url, [decoded(url.username), decoded(url.password)]);
}

/**
 * Reads a `proxy` as Axios does.
 *
 * @throws ProxyTunnelError if it is not the address of an HTTP proxy.
 */
export function readProxyConfig(config: AxiosProxyConfig | URL): ProxyServer {
  if (config instanceof URL) return parseProxyUrl(config.href);
  // Axios reads `hostname` first, though its types do not have it.
  const given: Partial<AxiosProxyConfig & { hostname: string }> = config;
  const host = ownValue(given, 'hostname') || ownValue(given, 'host') || '';
  const protocol = (ownValue(given, 'protocol') || 'http').replace(/:$/, '');
  const port = ownValue(given, 'port');
  const text = `${protocol}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}${port ? `:${port}` : ''}`;
  if (!URL.canParse(text))
    throw new ProxyTunnelError('the proxy has no valid address: check its protocol, host and port');
  return proxyServer(new URL(text), credentialsOf(given));
}

function credentialsOf(config: Partial<AxiosProxyConfig>): [string, string] {
  const auth: Partial<NonNullable<AxiosProxyConfig['auth']>> = ownValue(config, 'auth') ?? {};
  return [ownValue(auth, 'username') ?? '', ownValue(auth, 'password') ?? ''];
}

function proxyServer(url: URL, [username, password]: [string, string]): ProxyServer {
  const { protocol, hostname } = url;
  const isSecure = protocol === 'https:';
  if (!isSecure && protocol !== 'http:') {
    throw new ProxyTunnelError(`a proxy with the protocol ${protocol} cannot be used: only http: and https: can`);
  }
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const authorization =
    username || password ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : undefined;
  return { isSecure, hostname: hostname.replace(/^\[|\]$/g, ''), port, address: `${hostname}:${port}`, authorization };
}

/** In a URL, credentials are percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
