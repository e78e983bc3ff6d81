import type { AxiosResponse } from 'axios';
import { redactBearer } from './bearer.js';

/**
 * The response without what its printing would give away: the request that hangs on it, the access token, and the agents and
 * proxy that its caller brought along. Agents show the headers of other requests, and a proxy may have a password.
 */
export function withoutSecrets({ data, status, statusText, headers, config }: AxiosResponse): AxiosResponse {
  redactBearer(config);
  config.httpAgent = undefined;
  config.httpsAgent = undefined;
  config.proxy = undefined;
  return { data, status, statusText, headers, config };
}
