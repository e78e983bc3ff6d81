import type { InternalAxiosRequestConfig } from 'axios';
import type { AccessTokenCache } from '../../auth/access-token.cache.js';
import { TokenRequestFailure } from '../../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import { setBearer } from './bearer.js';
import { untilCancelled } from '../request/cancellation.js';
import type { DidomiOrigin } from './didomi-origin.js';
import type { DidomiRoutes } from '../request/didomi-routes.js';
import { addOrganizationId } from '../request/organization-id.js';
import { readRequestOptions, type RequestOptions } from '../request/request-options.js';

/**
 * The last step before a request is sent: holds it to Didomi's origin and puts the access token on it. It comes after every
 * interceptor and request transform, since each of them can change where the request goes and what it carries.
 */
export class Authorization {
  constructor(
    private readonly cache: AccessTokenCache,
    private readonly origin: DidomiOrigin,
    private readonly defaults: RequestOptions,
    private readonly routes: DidomiRoutes,
  ) {}

  /**
   * @returns a promise only if the access token is not there at once. It rejects with a DidomiAuthenticationError if none can
   * be had.
   * @throws DidomiRequestError if the request must not be sent.
   */
  apply(config: InternalAxiosRequestConfig): Promise<void> | undefined {
    this.origin.check(config);
    addOrganizationId(config, readRequestOptions(config, this.defaults).organizationId, this.routes);
    // Followed redirects could carry the access token elsewhere, and basic credentials would replace it.
    config.maxRedirects = 0;
    config.auth = undefined;
    const accessToken = this.cache.peek();
    if (accessToken === undefined) return this.#applyLate(config);
    setBearer(config, accessToken);
    return undefined;
  }

  async #applyLate(config: InternalAxiosRequestConfig): Promise<void> {
    const result = await untilCancelled(this.cache.obtain(), config, 0);
    if (result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(result);
    setBearer(config, result.reveal());
  }
}
