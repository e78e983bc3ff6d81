import { getAdapter, type InternalAxiosRequestConfig } from 'axios';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import { TokenRequestFailure } from '../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import { setBearer } from './bearer.js';
import { untilCancelled } from './cancellation.js';
import type { DidomiOrigin } from './didomi-origin.js';

/**
 * Puts the access token on each request of one Axios instance, and lets nothing leave Didomi's origin.
 *
 * Synchronous, because Axios takes a shorter way then. When the access token is not there at once, the adapter waits for it.
 */
export class BearerInterceptor {
  constructor(
    private readonly cache: AccessTokenCache,
    private readonly origin: DidomiOrigin,
  ) {}

  readonly authorize = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    this.origin.check(config);
    // Followed redirects could carry the access token elsewhere, and basic credentials would replace it.
    config.maxRedirects = 0;
    delete config.auth;
    const accessToken = this.cache.peek();
    if (accessToken === undefined) this.#authorizeInAdapter(config);
    else setBearer(config, accessToken);
    return config;
  };

  #authorizeInAdapter(config: InternalAxiosRequestConfig): void {
    const { adapter } = config;
    config.adapter = async (late) => {
      const result = await untilCancelled(this.cache.obtain(), late);
      if (result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(result);
      setBearer(late, result.reveal());
      late.adapter = adapter;
      return await getAdapter(adapter)(late);
    };
  }
}
