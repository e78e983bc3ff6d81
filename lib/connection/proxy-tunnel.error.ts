/** What is known about a tunnel that could not be opened. */
export interface ProxyTunnelFacts {
  /** Host and port of the proxy; absent if its address could not be read. */
  readonly proxy?: string | undefined;
  /** Status of the answer to CONNECT; absent if there was none. */
  readonly status?: number | undefined;
  /** Why the proxy could not be reached or did not answer, such as `ECONNREFUSED` or `ETIMEDOUT`. */
  readonly systemCode?: string | undefined;
}

/**
 * A proxy opened no tunnel, so nothing was sent to the server behind it. The message is safe to show: it holds host names,
 * ports, a status or an error code, and neither credentials nor anything else that the proxy sent.
 */
export class ProxyTunnelError extends Error {
  override readonly name = 'ProxyTunnelError';
  /** As Node.js names the same failure of its own agents. */
  readonly code = 'ERR_PROXY_TUNNEL';
  readonly proxy: string | undefined;
  readonly status: number | undefined;
  readonly systemCode: string | undefined;

  constructor(message: string, { proxy, status, systemCode }: ProxyTunnelFacts = {}) {
    super(message);
    this.proxy = proxy;
    this.status = status;
    this.systemCode = systemCode;
  }
}
