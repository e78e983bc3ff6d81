import type { InternalAxiosRequestConfig } from 'axios';

const SCHEME = 'Bearer ';

/** Sets the access token, in place of whatever `Authorization` the caller has set, `false` included. */
export function setBearer(config: InternalAxiosRequestConfig, accessToken: string): void {
  config.headers.set('Authorization', SCHEME + accessToken, true);
}

/** The access token that a request was sent with. */
export function bearerOf(config: InternalAxiosRequestConfig): string | undefined {
  const header = config.headers.get('Authorization');
  return typeof header === 'string' && header.startsWith(SCHEME) ? header.slice(SCHEME.length) : undefined;
}
