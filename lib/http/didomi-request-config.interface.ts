import type { AxiosRequestConfig } from 'axios';
import type { DidomiRetryOptions } from '../options/didomi-options.interface.js';

/**
 * What one request can have otherwise than its client.
 *
 * @publicApi
 */
export interface DidomiRequestOptions {
  /**
   * The `organization_id` of the query, if `params` has none; `false` for none.
   *
   * @default the `organizationId` of the client
   */
  readonly organizationId?: string | false;

  /**
   * When the request is sent again after a transient failure; `false` for never.
   *
   * @default the `retry` of the client
   */
  readonly retry?: false | DidomiRetryOptions;

  /**
   * Whether the request is sent once more after a 401, with another access token.
   *
   * @default true
   */
  readonly replay?: boolean;
}

/**
 * An Axios request configuration for `DidomiHttpService`.
 *
 * @publicApi
 */
export interface DidomiRequestConfig<D = any> extends AxiosRequestConfig<D> {
  readonly didomi?: DidomiRequestOptions;
}

/**
 * The configuration of `DidomiHttpService.paginate()`.
 *
 * @publicApi
 */
export interface DidomiPageConfig extends Omit<DidomiRequestConfig, 'data' | 'method' | 'url'> {
  /**
   * How many items to ask for at a time. What comes may be fewer.
   *
   * @default what Didomi sends by itself
   */
  readonly pageSize?: number;
}
