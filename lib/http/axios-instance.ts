import axios, { type AxiosInstance } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import type { ApiClient } from './api-client.js';
import { BearerInterceptor } from './bearer.interceptor.js';
import { FailureInterceptor } from './failure.interceptor.js';
import { guardedInstance } from './guarded-instance.js';
import { OWN_SERIALIZER } from './request/safe-serializer.js';
import { safeTransform } from './request/safe-transform.js';

/**
 * What a new instance has by itself and a request needs, or gets from the library. The rest is the application's doing, or what
 * Axios takes by itself where it is absent (`env`, `transitional`), or a browser's (the XSRF names). Axios copies every default
 * into every request, level by level, which is much of what a request costs.
 */
const OWN_DEFAULTS: ReadonlySet<string> = new Set([
  'adapter',
  'baseURL',
  'headers',
  'maxBodyLength',
  'maxContentLength',
  'maxRedirects',
  'paramsSerializer',
  'timeout',
  'transformRequest',
  'transformResponse',
  'validateStatus',
]);

const METHODS = ['delete', 'get', 'head', 'post', 'put', 'patch', 'query'];

/** Taken before an application gets to put its own in their place: those would see the bodies of Didomi's requests. */
const REQUEST_TRANSFORMS = listOf(axios.defaults.transformRequest);
const RESPONSE_TRANSFORMS = listOf(axios.defaults.transformResponse);

export interface AxiosInstanceSettings {
  readonly baseURL: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly maxContentLength: number;
  readonly timeout: number;
}

/** An Axios instance whose requests all go through the client, and fail with errors of the library only. */
export function createAxiosInstance(
  client: ApiClient,
  clock: DidomiClock,
  { baseURL, headers, maxContentLength, timeout }: AxiosInstanceSettings,
): AxiosInstance {
  const instance = axios.create({
    baseURL,
    timeout,
    maxRedirects: 0,
    maxBodyLength: -1,
    maxContentLength,
    transformRequest: REQUEST_TRANSFORMS.map(safeTransform),
    transformResponse: [...RESPONSE_TRANSFORMS],
    paramsSerializer: OWN_SERIALIZER,
    adapter: client.send,
  });
  dropForeignDefaults(instance.defaults, headers);
  const bearer = new BearerInterceptor(client);
  instance.interceptors.request.use(bearer.intercept, undefined, { synchronous: true });
  // Registered first, so it runs before the response interceptors of the application.
  instance.interceptors.response.use(undefined, new FailureInterceptor(clock, bearer.hasSeen).translate);
  return guardedInstance(instance);
}

/**
 * A new Axios instance begins with what the application has set on the default one: headers with keys of other services,
 * parameters, credentials. None of it is Didomi's business.
 *
 * @param headers those of the options.
 */
function dropForeignDefaults(defaults: Record<string, unknown>, headers: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(defaults)) if (!OWN_DEFAULTS.has(name)) delete defaults[name];
  const own = { ...headers, common: { Accept: 'application/json, text/plain, */*', 'Content-Type': undefined } };
  for (const method of METHODS) hideUntilUsed(own, method);
  defaults['headers'] = own;
  defaults['validateStatus'] = (status: number) => status >= 200 && status < 300;
}

/**
 * The place for the headers of one method, `defaults.headers.post` for example. Axios copies what it finds there into every
 * request, whatever its method, but does not find what is not enumerable.
 */
function hideUntilUsed(headers: object, method: string): void {
  const show = (value: unknown): unknown => {
    Object.defineProperty(headers, method, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(headers, method, { get: () => show({}), set: show, enumerable: false, configurable: true });
}

function listOf<T>(transforms: T | T[] | undefined): readonly T[] {
  return transforms === undefined ? [] : ([transforms].flat() as T[]);
}
