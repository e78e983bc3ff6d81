import { Axios, type InternalAxiosRequestConfig } from 'axios';
import { composeURL, withoutSlashesAtEnd } from '../connection/compose-url.js';

type Serializer = Exclude<InternalAxiosRequestConfig['paramsSerializer'], Function | undefined>;

/** A path that no URL parser changes. */
const PLAIN_PATH = /^\/?[\w-]+(?:\/[\w-]+)*$/;

/** The base URL of a client, taken apart once for all requests. */
export class BaseURL {
  readonly origin: string;
  readonly #path: string;

  constructor(private readonly url: string) {
    const { origin, pathname } = new URL(url);
    this.origin = origin;
    this.#path = withoutSlashesAtEnd(pathname);
  }

  /** Path and query of a request, as Axios' own adapter for Node.js writes them. The origin has been checked before. */
  pathOf(config: InternalAxiosRequestConfig): string {
    const { url = '', baseURL } = config;
    const path =
      baseURL === this.url && PLAIN_PATH.test(url)
        ? `${this.#path}${url.startsWith('/') ? url : `/${url}`}`
        : normalized(composeURL(config));
    const query = queryOf(config);
    return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
  }
}

function normalized(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function queryOf({ params, paramsSerializer }: InternalAxiosRequestConfig): string {
  if (!params) return '';
  // Axios has made an object of a function by now.
  const { serialize } = (paramsSerializer ?? {}) as Serializer;
  if (serialize !== undefined)
    return serialize(params as Record<string, unknown>, paramsSerializer as Serializer) || '';
  // Without the defaults of any instance.
  return new Axios({}).getUri({ url: '', params: params as unknown, paramsSerializer }).slice(1);
}
