import { AxiosHeaders, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { ApiRequest } from '../../lib/http/request/api-request.js';
import type { RequestOptions } from '../../lib/http/request/request-options.js';
import { RequestTarget } from '../../lib/http/request/request-target.js';
import type { Answer } from '../../lib/http/response/answer.js';

export const BASE_URL = 'https://api.didomi.io/v1';

/** A request as the steps get it. */
export function apiRequest(
  config: Partial<InternalAxiosRequestConfig> = {},
  options: Partial<RequestOptions> = {},
  adapter: AxiosAdapter = () => Promise.reject(new Error('not sent by this test')),
): ApiRequest {
  const validateStatus = (status: number): boolean => status < 300;
  const usual = { baseURL: BASE_URL, url: '/properties', method: 'get', headers: new AxiosHeaders(), validateStatus };
  const retry = { maxAttempts: 3, maxWaitMs: 30_000 };
  const given = { organizationId: undefined, retry, replay: true, ...options };
  return new ApiRequest({ ...usual, ...config }, given, adapter, new RequestTarget(BASE_URL));
}

export function answerOf(status: number, headers: Record<string, string> = {}): Answer {
  const config = { headers: new AxiosHeaders() };
  return { response: { status, statusText: '', data: {}, headers: new AxiosHeaders(headers), config } };
}
