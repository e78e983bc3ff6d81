import { checkHeaders } from './check-headers.js';
import type { DidomiAxiosOptions } from './didomi-options.interface.js';
import { isTransport } from './didomi-transport.interface.js';
import type { OptionProblems } from './option-problems.js';
import type { OptionNames } from './own-options.js';
import type { AxiosSettings } from './resolved-didomi-options.js';

const DEFAULT_MAX_CONTENT_LENGTH = 50 * 1024 * 1024;

const AXIOS_OPTIONS: OptionNames<keyof DidomiAxiosOptions> = {
  httpAgent: true,
  httpsAgent: true,
  proxy: true,
  headers: true,
  maxContentLength: true,
  adapter: true,
};

export function resolveAxios(value: unknown, problems: OptionProblems): AxiosSettings {
  const given = problems.group('axios', value, AXIOS_OPTIONS);
  const { headers, maxContentLength, adapter, proxy } = given;
  if (problems.object('axios.headers', headers) && headers !== undefined) checkHeaders(headers, problems);
  if (proxy !== undefined && proxy !== false && (typeof proxy !== 'object' || proxy === null)) {
    problems.add('axios.proxy', 'has to be an object such as { host, port }, or false for no proxy');
  }
  if (isTransport(adapter)) {
    for (const name of ['httpAgent', 'httpsAgent'] as const) {
      if (given[name] !== undefined)
        problems.add(`axios.${name}`, 'is not used by axios.adapter: remove one of the two');
    }
  } else if (adapter !== undefined && typeof adapter !== 'function' && adapter !== 'http' && adapter !== 'fetch') {
    problems.add('axios.adapter', "has to be undiciAdapter(), an Axios adapter function, 'http' or 'fetch'");
  }
  const limit = problems.wholeNumber('axios.maxContentLength', maxContentLength, 1, Number.MAX_SAFE_INTEGER)
    ? maxContentLength
    : undefined;
  return {
    ...given,
    // A copy, so that later changes of the application's object have no effect.
    headers: headers && { ...headers },
    maxContentLength: limit ?? DEFAULT_MAX_CONTENT_LENGTH,
  } as AxiosSettings;
}
