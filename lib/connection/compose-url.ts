import type { InternalAxiosRequestConfig } from 'axios';

/** What Axios takes for an absolute URL. */
const ABSOLUTE_URL = /^(?:[a-z][a-z\d+\-.]*:)?\/\//i;

export function isAbsoluteURL(url: string): boolean {
  return ABSOLUTE_URL.test(url);
}

/** The URL of a request as Axios composes it, without `params`. */
export function composeURL({
  url = '',
  baseURL = '',
  allowAbsoluteUrls,
}: Pick<InternalAxiosRequestConfig, 'url' | 'baseURL' | 'allowAbsoluteUrls'>): string {
  if (baseURL === '' || (isAbsoluteURL(url) && allowAbsoluteUrls !== false)) return url;
  return url === '' ? baseURL : `${withoutSlashesAtEnd(baseURL)}/${url.replace(/^\/+/, '')}`;
}

/** Not by an expression: it would take quadratic time for slashes elsewhere. */
export function withoutSlashesAtEnd(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}
