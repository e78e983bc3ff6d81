import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DidomiAgents } from '../connection/didomi-agents.js';
import type { DidomiCredentials } from '../options/didomi-options.interface.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import type { DidomiClock } from './didomi.clock.js';
import { readAccessToken } from './sessions-answer.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** An access token is a few hundred bytes; whatever sends more is not Didomi. */
const MAX_ANSWER_BYTES = 1_048_576;

/** An error code as Node.js and OpenSSL write them. Anything else could be text with a secret in it. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;

/**
 * Sends token requests. The names on the wire stand here and nowhere else.
 *
 * Calls the Axios adapter directly: no interceptor and no default of any Axios instance, the application's global one
 * included, can see the API secret, change the request or wait for the access token that it brings.
 */
export class SessionsClient {
  readonly #agents: DidomiAgents;

  constructor(
    private readonly options: ResolvedDidomiOptions,
    private readonly adapter: AxiosAdapter,
    private readonly clock: DidomiClock,
  ) {
    this.#agents = new DidomiAgents(options.axiosDefaults(), options.settings.baseURL);
  }

  /** One token request. Resolves in every case: with the access token, or with why there is none. */
  async createSession(credentials: DidomiCredentials, signal: AbortSignal): Promise<string | TokenRequestFailure> {
    try {
      const request = this.#request(credentials, signal);
      this.#agents.lend(request);
      return this.#read(await this.adapter(request));
    } catch (error) {
      return this.#readError(error);
    }
  }

  close(): void {
    this.#agents.destroy();
  }

  #request({ apiKey, apiSecret }: DidomiCredentials, signal: AbortSignal): InternalAxiosRequestConfig {
    const { headers } = this.options.axiosDefaults();
    return {
      method: 'post',
      baseURL: this.options.settings.baseURL,
      url: '/sessions',
      headers: new AxiosHeaders({ ...headers }).set({
        Accept: 'application/json',
        'Content-Type': 'application/json',
      }),
      data: JSON.stringify({ type: 'api-key', key: apiKey, secret: apiSecret }),
      responseType: 'text',
      // The body holds the API secret: it must not travel to wherever an answer points.
      maxRedirects: 0,
      validateStatus: () => true,
      maxContentLength: MAX_ANSWER_BYTES,
      signal,
    };
  }

  #read({ status, headers, data }: AxiosResponse<unknown>): string | TokenRequestFailure {
    return readAccessToken({ status, headers: headers ?? {}, body: data }, this.clock.now());
  }

  /** An adapter may reject for a status although `validateStatus` accepts all of them: the status decides then, too. */
  #readError(error: unknown): string | TokenRequestFailure {
    const { response, code } = (error ?? {}) as { response?: AxiosResponse<unknown>; code?: unknown };
    if (typeof response?.status === 'number') return this.#read(response);
    const reason = typeof code === 'string' && ERROR_CODE.test(code) ? code : 'no answer';
    return new TokenRequestFailure('unavailable', `Didomi could not be reached for a token request (${reason})`);
  }
}
