import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { ApiRequest } from '../request/api-request.js';
import { asBytes } from '../request/request-body.js';
import type { StepParts } from './step.js';

/**
 * The configuration that the adapter gets for one attempt, and nobody else: access token, agents, proxy and cancel token stand on
 * no object that an interceptor, the caller or the reader of the response can see.
 */
export function attemptConfig(
  request: ApiRequest,
  { agents, maxContentLength }: Pick<StepParts, 'agents' | 'maxContentLength'>,
): InternalAxiosRequestConfig {
  const { accessToken, abort, config, connection } = request;
  const headers = Object.assign(new AxiosHeaders(), config.headers);
  for (const name in headers) {
    if (name.length === 13 && name.toLowerCase() === 'authorization') delete headers[name];
  }
  headers['Authorization'] = `Bearer ${accessToken}`;
  const attempt = Object.assign(ownConfig(config), agents.of(connection));
  attempt.headers = headers;
  if (typeof config.data === 'object') attempt.data = asBytes(config.data, request);
  attempt.cancelToken = abort;
  attempt.signal = undefined;
  // The reader of a stream stops it. Only a limit of the request's own holds for it.
  if (config.responseType === 'stream' && config.maxContentLength === maxContentLength) {
    attempt.maxContentLength = -1;
  }
  // Bounded by `abort`, to the last byte. Axios' own timeout ends with the headers.
  attempt.timeout = 0;
  // Followed redirects could carry the access token elsewhere, and basic credentials would replace it.
  attempt.maxRedirects = 0;
  attempt.auth = undefined;
  // Every status is an answer, and the caller decides at the end. An AxiosError for each refusal costs more than all the rest.
  attempt.validateStatus = null;
  return attempt;
}

/** Inherits nothing, so that what others put on `Object.prototype` is no option; faster than `Object.create(null)`. */
const AttemptConfig = function () {} as unknown as new () => InternalAxiosRequestConfig;
AttemptConfig.prototype = Object.create(null) as InternalAxiosRequestConfig;

/** A copy. A loop, since `Object.assign()` takes three times as long for the objects that Axios makes. */
function ownConfig(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const attempt = new AttemptConfig() as unknown as Record<string, unknown>;
  for (const name of Object.keys(config)) attempt[name] = (config as unknown as typeof attempt)[name];
  return attempt as unknown as InternalAxiosRequestConfig;
}
