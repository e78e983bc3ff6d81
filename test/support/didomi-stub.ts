import {
  AxiosError,
  AxiosHeaders,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';

export interface StubAnswer {
  readonly status: number;
  /** Absent: nothing, or Didomi's error format if a token request fails. */
  readonly data?: unknown;
  readonly headers?: Record<string, string>;
}

type Handler = (config: InternalAxiosRequestConfig, count: number) => StubAnswer | Error | Promise<StubAnswer | Error>;

/**
 * An Axios adapter in place of Didomi, without a network. It records token requests and API requests and answers them by
 * functions that get the request and the number of earlier ones of its kind.
 */
export class DidomiStub {
  readonly tokenRequests: InternalAxiosRequestConfig[] = [];
  readonly apiRequests: InternalAxiosRequestConfig[] = [];

  onTokenRequest: Handler = (_config, count) => ({ status: 200, data: { access_token: `token-${count + 1}` } });
  onApiRequest: Handler = () => ({ status: 200, data: {} });

  /** False: resolves with every status, as an adapter does that ignores `validateStatus`. */
  settles = true;

  readonly adapter: AxiosAdapter = async (config) => {
    const isTokenRequest = config.url === '/sessions';
    const requests = isTokenRequest ? this.tokenRequests : this.apiRequests;
    // The headers are copied: the library may go on to use the same object for a replay.
    requests.push({ ...config, headers: new AxiosHeaders(config.headers) });
    const handler = isTokenRequest ? this.onTokenRequest : this.onApiRequest;
    const answer = await untilAborted(Promise.resolve(handler(config, requests.length - 1)), config);
    if (answer instanceof Error) throw answer;
    const { status, data = isTokenRequest ? errorBody(status) : undefined } = answer;
    return settle({ ...answer, data }, config, this.settles);
  };

  /** The `url` of each API request as the caller wrote it, in order. */
  get urls(): (string | undefined)[] {
    return this.apiRequests.map(({ url }) => url);
  }

  /** The access tokens that API requests were sent with, in order. */
  get bearers(): string[] {
    return this.apiRequests.map(({ headers }) => String(headers.get('Authorization')).replace('Bearer ', ''));
  }
}

/** Didomi's error format, for a status that is a failure. */
export function errorBody(status: number): string | undefined {
  return status < 400
    ? undefined
    : JSON.stringify({ code: status, name: 'Error', message: `Status ${status}`, errors: {} });
}

/** An error as Axios reports it when no answer came. */
export function networkError(code: string): AxiosError {
  return Object.assign(new AxiosError(`${code} by the stub`, code), { cause: new Error('of the system') });
}

/** A JWT with these claims and a placeholder for its signature, which the library does not check. */
export function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

async function untilAborted<T>(answer: Promise<T>, { signal }: InternalAxiosRequestConfig): Promise<T> {
  if (signal === undefined) return await answer;
  return await Promise.race([
    answer,
    new Promise<never>((_, reject) => signal.addEventListener?.('abort', () => reject(networkError('ERR_CANCELED')))),
  ]);
}

function settle(
  { status, data, headers }: StubAnswer,
  config: InternalAxiosRequestConfig,
  settles: boolean,
): AxiosResponse {
  const response = {
    status,
    statusText: '',
    data: data ?? '',
    headers: new AxiosHeaders(headers),
    config,
  } as AxiosResponse;
  if (!settles || (config.validateStatus ? config.validateStatus(status) : true)) return response;
  throw new AxiosError(`Request failed with status code ${status}`, 'ERR_BAD_REQUEST', config, {}, response);
}
