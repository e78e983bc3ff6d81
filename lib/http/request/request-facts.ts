import type { InternalAxiosRequestConfig } from 'axios';

/** What may be told of a request: neither query nor body, which can hold personal data. */
export interface RequestFacts {
  readonly method: string;
  readonly path: string;
}

export function requestFacts(config: Partial<InternalAxiosRequestConfig> | undefined): RequestFacts {
  const { method = 'get', url = '', baseURL = '' } = config ?? {};
  const target = /^(?:[a-z][a-z\d+\-.]*:)?\/\//i.test(url) ? url : `${baseURL}/${url.replace(/^\/+/, '')}`;
  const path = URL.canParse(target) ? new URL(target).pathname : url.replace(/[?#].*$/s, '');
  return { method: method.toUpperCase(), path };
}
