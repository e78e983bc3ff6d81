import axios, { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';

/** A request as it reached the adapter. */
export interface SentRequest {
  /** In capitals. */
  readonly method: string;
  /** Path relative to `baseURL`; outside of it, from the root. */
  readonly url: string;
  readonly params: URLSearchParams;
  readonly headers: Headers;
  /** Parsed if it is JSON; undefined without one. */
  readonly body: unknown;
  /** Its path relative to `baseURL`, from the root and with the origin. */
  readonly paths: ReadonlySet<string>;
  /** Its path as routes have it: `/properties`, with or without `/v1` in the URL. */
  readonly routePath: string;
}

export function readSentRequest(config: InternalAxiosRequestConfig): SentRequest {
  const base = new URL(config.baseURL ?? 'http://localhost');
  const target = new URL(axios.getUri(config), base);
  const prefix = base.pathname.replace(/\/$/, '');
  const isBelow = target.origin === base.origin && target.pathname.startsWith(`${prefix}/`);
  const url = isBelow ? target.pathname.slice(prefix.length) : target.pathname;
  const headers = headersOf(config);
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url,
    params: paramsOf(target),
    headers,
    body: bodyOf(config.data, headers.get('content-type')),
    paths: new Set([url, target.pathname, target.origin + target.pathname].map(normalizedPath)),
    routePath: routePathOf(target.pathname, prefix),
  };
}

/** `/v1` is left out once, be it part of `baseURL` or not: `/v1/v1/properties` is no route. */
function routePathOf(pathname: string, basePath: string): string {
  const root = basePath.replace(/\/v1$/, '');
  return withoutVersion(pathname.startsWith(`${root}/`) ? pathname.slice(root.length) : pathname);
}

export function withoutVersion(path: string): string {
  return path.replace(/^\/v1(?=\/)/, '');
}

/** Path and query, not encoded: `/properties?$limit=10`. */
export function urlWithParams({ url, params }: Pick<SentRequest, 'url' | 'params'>): string {
  const query = [...params].map(([name, value]) => `${name}=${value}`).join('&');
  return query === '' ? url : `${url}?${query}`;
}

/** The path with each segment encoded in the same way. An encoded slash stays apart from one between segments. */
export function normalizedPath(path: string): string {
  return path
    .split('/')
    .map((segment) => {
      try {
        return encodeURIComponent(decodeURIComponent(segment));
      } catch {
        return segment;
      }
    })
    .join('/');
}

/** As sent if it is no valid encoding. */
export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `params.limit` is always undefined on URLSearchParams: a test that reads it is told what to write. */
function paramsOf({ searchParams }: URL): URLSearchParams {
  for (const name of new Set(searchParams.keys())) {
    if (name in searchParams) continue;
    const get = (): never => {
      throw new TypeError(`params is a URLSearchParams: write params.get('${name}') or params.getAll('${name}')`);
    };
    Object.defineProperty(searchParams, name, { get });
  }
  return searchParams;
}

function headersOf({ headers, data }: InternalAxiosRequestConfig): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(AxiosHeaders.from(headers).toJSON())) {
    // Axios leaves null and false out.
    if (typeof value === 'string' || Array.isArray(value) || typeof value === 'number') sent.set(name, String(value));
  }
  // Axios' own adapter adds it, with a boundary, below this one.
  if (data instanceof FormData) sent.set('content-type', 'multipart/form-data');
  return sent;
}

function bodyOf(data: unknown, contentType: string | null): unknown {
  if (typeof data !== 'string' || !contentType?.includes('json')) return data ?? undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}
