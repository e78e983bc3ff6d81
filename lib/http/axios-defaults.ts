import type { AxiosDefaults } from 'axios';

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

/**
 * A new Axios instance begins with what the application has set on the default one: headers with keys of other services,
 * parameters, credentials. None of it is Didomi's business.
 *
 * @param headers those of the options.
 */
export function dropForeignDefaults(defaults: AxiosDefaults, headers: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(defaults)) {
    if (!OWN_DEFAULTS.has(name)) delete (defaults as unknown as Record<string, unknown>)[name];
  }
  const headersOfAll = {
    ...headers,
    common: { Accept: 'application/json, text/plain, */*', 'Content-Type': undefined },
  };
  for (const method of METHODS) hideUntilUsed(headersOfAll, method);
  defaults.headers = headersOfAll as unknown as AxiosDefaults['headers'];
  defaults.validateStatus = (status) => status >= 200 && status < 300;
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
