import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';

const SCHEME = 'Bearer ';
const REDACTED = '[redacted]';
const NAME = 'Authorization';

/** Sets the access token, in place of whatever `Authorization` the caller has set, `false` included. */
export function setBearer(config: InternalAxiosRequestConfig, accessToken: string): void {
  replace(config, SCHEME + accessToken);
}

/** Headers of their own for a request: with those that an interceptor shares among several, one would redact another's. */
export function ownHeaders(headers: AxiosHeaders): AxiosHeaders {
  return Object.assign(new AxiosHeaders(), headers);
}

/** The access token that a request was sent with. */
export function bearerOf(config: InternalAxiosRequestConfig): string | undefined {
  const header = config.headers.get(NAME);
  return typeof header === 'string' && header.startsWith(SCHEME) ? header.slice(SCHEME.length) : undefined;
}

/** Takes the access token off a configuration that is going to be seen. */
export function redactBearer(config: InternalAxiosRequestConfig): void {
  replace(config, REDACTED);
}

/** Whether the access token was taken off a configuration, so that its request was sent or was about to be. */
export function isBearerRedacted(config: Partial<InternalAxiosRequestConfig> | undefined): boolean {
  return config?.headers?.[NAME] === REDACTED;
}

/** As `AxiosHeaders.set()` does it, without trimming, lower-casing and cleaning what is known to be clean. */
function replace({ headers }: InternalAxiosRequestConfig, value: string): void {
  for (const name in headers) {
    if (name.length === NAME.length && name !== NAME && name.toLowerCase() === 'authorization') delete headers[name];
  }
  headers[NAME] = value;
}
