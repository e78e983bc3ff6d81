import type { InternalAxiosRequestConfig } from 'axios';
import type { DidomiError } from '../errors/didomi.error.js';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { ApiClient } from './api-client.js';
import { abortedByCaller } from './failures/request-failure.js';
import { destroyBody } from './request/request-body.js';
import { describeRequest } from './request/request-description.js';

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
    const config = withoutPrototype(given);
    this.#seen.add(config);
    const { adapter } = config;
    const refusal = refuseCancellation(config);
    if (refusal !== undefined) {
      // Axios would reject with an error that knows nothing of the request.
      config.cancelToken = config.signal = undefined;
      config.adapter = () => Promise.reject(refusal);
      destroyBody(config.data);
    } else if (adapter !== this.client.send) config.adapter = this.client.over(adapter);
    return config;
  };
}

/** Axios would copy a plain object, such as an interceptor returns, after this. */
function withoutPrototype(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  if (Object.getPrototypeOf(config) === null) return config;
  return Object.assign(Object.create(null) as InternalAxiosRequestConfig, config);
}

function refuseCancellation(config: InternalAxiosRequestConfig): DidomiError | undefined {
  const { cancelToken, signal } = config;
  if (signal?.aborted === true) return abortedByCaller(describeRequest(config), 0);
  if (cancelToken === undefined || cancelToken === null) return undefined;
  if (typeof cancelToken.throwIfRequested !== 'function' || typeof cancelToken.subscribe !== 'function') {
    return new DidomiRequestError(
      'The cancelToken of a request has to be one of Axios: remove it, and use signal instead',
    );
  }
  return cancelToken.reason === undefined ? undefined : abortedByCaller(describeRequest(config), 0);
}
