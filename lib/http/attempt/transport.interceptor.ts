import type { InternalAxiosRequestConfig } from 'axios';
import { abortedError } from '../request/cancellation.js';
import type { DidomiTransport } from './didomi.transport.js';

/**
 * Sees to it that every request of one Axios instance goes through the library's transport, also where its caller or the
 * defaults of the instance bring an adapter along: that one only sends.
 */
export class TransportInterceptor {
  constructor(private readonly transport: DidomiTransport) {}

  readonly route = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const { adapter, cancelToken } = config;
    if (cancelToken?.reason !== undefined) {
      // Axios would reject with that reason, which knows nothing of the request.
      config.cancelToken = undefined;
      config.adapter = () => Promise.reject(abortedError(config, 0));
    } else if (adapter !== this.transport.send) config.adapter = this.transport.over(adapter);
    return config;
  };
}
