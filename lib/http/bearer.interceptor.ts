import type { InternalAxiosRequestConfig } from 'axios';
import type { ApiClient } from './api-client.js';

/**
 * The Axios interceptor that adds `Authorization: Bearer …` to each request of one Axios instance. It hands the request over to
 * the client, also where the caller or the defaults of the instance bring an adapter along: that one only sends.
 *
 * The header itself is written in `steps/send.step.ts`, for each attempt and on a configuration of the attempt's own:
 * - after all interceptors and transforms of the application, since each of them can change where the request goes;
 * - with the access token of that moment, since it may have been renewed or rejected since the attempt before;
 * - where neither an interceptor nor the reader of a response can see it.
 */
export class BearerInterceptor {
  readonly #seen = new WeakSet<object>();

  constructor(private readonly client: ApiClient) {}

  /** Whether a configuration is one of this client's requests, and not one that an interceptor has made on the way. */
  readonly hasSeen = (config: object | undefined): boolean => config !== undefined && this.#seen.has(config);

  readonly intercept = (given: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    // Axios would copy a plain object, such as an interceptor returns, after this.
    const isBare = Object.getPrototypeOf(given) === null;
    const config = isBare ? given : ({ __proto__: null, ...given } as InternalAxiosRequestConfig);
    this.#seen.add(config);
    const { adapter, cancelToken, signal } = config;
    // The client looks at them, with errors that say more than Axios' own.
    if (cancelToken !== undefined) config.cancelToken = undefined;
    if (signal !== undefined) config.signal = undefined;
    config.adapter = this.client.over(adapter, (cancelToken ?? signal) ? { cancelToken, signal } : undefined);
    return config;
  };
}
