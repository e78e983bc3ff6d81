import type { InternalAxiosRequestConfig } from 'axios';
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
    const { adapter, cancelToken } = config;
    if (cancelToken?.reason !== undefined) {
      // Axios would reject with that reason, which knows nothing of the request.
      config.cancelToken = undefined;
      config.adapter = () => Promise.reject(abortedByCaller(describeRequest(config), 0));
    } else if (adapter !== this.client.send) config.adapter = this.client.over(adapter);
    return config;
  };
}
