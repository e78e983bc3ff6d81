/** Where token requests go, as messages name it. All of it comes from `baseURL`, which holds no secret. */
export interface SessionsEndpoint {
  readonly origin: string;
  /** Host and port, such as `api.didomi.io:443`. */
  readonly host: string;
  /** Path of the token request, such as `/v1/sessions`. */
  readonly path: string;
}

/** @param baseURL the checked option, without a trailing slash. */
export function sessionsEndpoint(baseURL: string): SessionsEndpoint {
  const { origin, hostname, port, protocol, pathname } = new URL(`${baseURL}/sessions`);
  const usualPort = protocol === 'http:' ? '80' : '443';
  return { origin, host: `${hostname}:${port === '' ? usualPort : port}`, path: pathname };
}

/** Whether the path is one that Didomi documents; its pages use both. */
export function isDocumentedPath({ path }: SessionsEndpoint): boolean {
  return path === '/v1/sessions' || path === '/sessions';
}
