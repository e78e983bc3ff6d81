import type { DidomiAxiosOptions } from './didomi-options.interface.js';
import type { OptionProblems } from './option-problems.js';
import type { AxiosSettings } from './resolved-didomi-options.js';

const DEFAULT_MAX_CONTENT_LENGTH = 50 * 1024 * 1024;

const AXIOS_OPTIONS: Record<keyof DidomiAxiosOptions, true> = {
  httpAgent: true,
  httpsAgent: true,
  proxy: true,
  headers: true,
  maxContentLength: true,
  adapter: true,
};

export function resolveAxios(value: unknown, problems: OptionProblems): AxiosSettings {
  const given = problems.object('axios', value) && value ? value : {};
  problems.unknownNames('axios.', given, Object.keys(AXIOS_OPTIONS));
  const { headers, maxContentLength, adapter } = given;
  checkHeaders(headers, problems);
  problems.wholeNumber('axios.maxContentLength', maxContentLength, 1, Number.MAX_SAFE_INTEGER);
  if (adapter !== undefined && typeof adapter !== 'function' && adapter !== 'http' && adapter !== 'fetch') {
    problems.add('axios.adapter', "has to be an Axios adapter function, 'http' or 'fetch'");
  }
  return {
    ...given,
    ...(headers ? { headers: { ...headers } } : {}),
    maxContentLength: (maxContentLength as number | undefined) ?? DEFAULT_MAX_CONTENT_LENGTH,
  };
}

function checkHeaders(headers: unknown, problems: OptionProblems): void {
  if (!problems.object('axios.headers', headers) || headers === undefined) return;
  for (const [name, text] of Object.entries(headers)) {
    if (typeof text !== 'string') problems.add(`axios.headers.${name}`, 'has to be a string');
    if (name.toLowerCase() === 'authorization') {
      problems.add(`axios.headers.${name}`, 'is set by the library: remove it');
    }
  }
}
