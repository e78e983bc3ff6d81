import type { InternalAxiosRequestConfig } from 'axios';
import type { DidomiError } from '../errors/didomi.error.js';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { ApiClient } from './api-client.js';
import { abortedByCaller } from './failures/request-failure.js';
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
  constructor(private readonly client: ApiClient) {}

  readonly intercept = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const { adapter } = config;
    const refusal = refuseCancelToken(config);
    if (refusal !== undefined) {
      // Axios would reject with an error that knows nothing of the request.
      config.cancelToken = undefined;
      config.adapter = () => Promise.reject(refusal);
    } else if (adapter !== this.client.send) config.adapter = this.client.over(adapter);
    return config;
  };
}

function refuseCancelToken(config: InternalAxiosRequestConfig): DidomiError | undefined {
  const { cancelToken } = config;
  if (cancelToken === undefined || cancelToken === null) return undefined;
  if (typeof cancelToken.throwIfRequested !== 'function' || typeof cancelToken.subscribe !== 'function') {
    return new DidomiRequestError(
      'The cancelToken of a request has to be one of Axios: remove it, and use signal instead',
    );
  }
  return cancelToken.reason === undefined ? undefined : abortedByCaller(describeRequest(config), 0);
}
