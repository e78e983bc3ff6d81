import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { assertSecureAnswer } from '../connection/secure-answer.js';
import type { DidomiCredentials } from '../options/didomi-options.interface.js';
import type { DidomiConnections } from '../options/didomi-transport.interface.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import type { DidomiClock } from './didomi.clock.js';
import { readSessionsAnswer, type SessionsGrant } from './sessions-answer.js';
import { readSessionsError } from './sessions-error.js';
import { sessionsEndpoint, type SessionsEndpoint } from './sessions.endpoint.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/** An access token is a few hundred bytes; whatever sends more is not Didomi. */
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Sends token requests. The names on the wire are here and nowhere else.
 *
 * Calls the Axios adapter directly: no interceptor and no default of any Axios instance, the application's global one
 * included, can see the API secret, change the request or wait for the access token that it brings.
 */
export class SessionsClient {
  readonly endpoint: SessionsEndpoint;
  readonly #agents: DidomiConnections;

  /** @param agents of their own, so that a token request never waits for the requests that wait for it. */
  constructor(
    private readonly options: ResolvedDidomiOptions,
    private readonly adapter: AxiosAdapter,
    private readonly clock: DidomiClock,
    agents: DidomiConnections,
  ) {
    this.endpoint = sessionsEndpoint(options.settings.baseURL);
    this.#agents = agents;
  }

  /** One token request. Resolves in every case: with the access token, or with why there is none. */
  async createSession(
    credentials: DidomiCredentials,
    signal: AbortSignal,
  ): Promise<SessionsGrant | TokenRequestFailure> {
    try {
      const request = {
        // What others put on `Object.prototype` is no option.
        __proto__: null,
        ...this.#request(credentials, signal),
        ...this.#agents.of({}),
      } as InternalAxiosRequestConfig & { __proto__: null };
      return this.#read(await this.adapter(request));
    } catch (error) {
      return this.#readError(error);
    }
  }

  close(): void {
    this.#agents.destroy();
  }

  #request({ apiKey, apiSecret }: DidomiCredentials, signal: AbortSignal): InternalAxiosRequestConfig {
    const defaults = this.options.axiosDefaults();
    return {
      method: 'post',
      baseURL: this.options.settings.baseURL,
      url: '/sessions',
      // Own properties only: a polluted Object.prototype must not add headers.
      headers: new AxiosHeaders(Object.hasOwn(defaults, 'headers') ? { ...defaults.headers } : {}).set({
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

  /** @throws InsecureAnswerError for an answer that anybody on the way could have written. */
  #read(response: AxiosResponse<unknown>): SessionsGrant | TokenRequestFailure {
    assertSecureAnswer(response, this.endpoint.origin.startsWith('https:'));
    const { status, headers, data } = response;
    // An adapter of the application's may leave the headers out.
    return readSessionsAnswer({ status, headers: headers ?? {}, body: data }, this.endpoint, this.clock.now());
  }

  /** An adapter may reject for a status although `validateStatus` accepts all of them: the status decides then, too. */
  #readError(error: unknown): SessionsGrant | TokenRequestFailure {
    const { response } = (error ?? {}) as { response?: AxiosResponse<unknown> };
    try {
      if (typeof response?.status === 'number') return this.#read(response);
    } catch (insecure) {
      return readSessionsError(insecure, this.endpoint);
    }
    return readSessionsError(error, this.endpoint);
  }
}
