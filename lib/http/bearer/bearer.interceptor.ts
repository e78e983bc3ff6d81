import { getAdapter, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import type { Authorization } from './authorization.js';
import { withoutSecrets } from './response-secrets.js';

/**
 * Sees to it that every request of one Axios instance carries the access token, also where its caller brings an adapter along:
 * the library's own transport authorizes by itself.
 */
export class BearerInterceptor {
  constructor(
    private readonly authorization: Authorization,
    private readonly transport: AxiosAdapter,
  ) {}

  readonly authorize = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const { adapter } = config;
    if (adapter === this.transport) return config;
    config.adapter = async (final) => {
      await this.authorization.apply(final);
      return withoutSecrets(await getAdapter(adapter)(final));
    };
    return config;
  };
}
