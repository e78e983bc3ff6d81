import type { InternalAxiosRequestConfig } from 'axios';
import type { DidomiTransport } from './didomi.transport.js';

/**
 * Sees to it that every request of one Axios instance goes through the library's transport, also where its caller or the
 * defaults of the instance bring an adapter along: that one only sends.
 */
export class TransportInterceptor {
  constructor(private readonly transport: DidomiTransport) {}

  readonly route = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const { adapter } = config;
    if (adapter !== this.transport.send) config.adapter = this.transport.over(adapter);
    return config;
  };
}
