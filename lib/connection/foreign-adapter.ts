import { getAdapter, type AxiosAdapter, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../errors/didomi-request.error.js';

/** What Axios' types leave out of its cancel tokens. */
interface AbortableToken {
  toAbortSignal?(): AbortSignal;
}

/**
 * An adapter of the application's, by whatever Axios takes for one. Not every adapter knows cancel tokens, so it gets a signal as
 * well; and the one for `fetch` follows redirects by itself, with the body, unless it is told not to.
 */
export function foreignAdapter(given: AxiosRequestConfig['adapter']): AxiosAdapter {
  return (config) => {
    const { cancelToken, fetchOptions, signal } = config;
    const sent = {
      __proto__: null,
      ...config,
      fetchOptions: { ...fetchOptions, redirect: 'manual' },
      signal: signal ?? (cancelToken as AbortableToken | undefined)?.toAbortSignal?.(),
    } as InternalAxiosRequestConfig & { __proto__: null };
    return resolve(given, sent)(sent);
  };
}

/** Axios' own error quotes the name of an adapter that it does not know, and has no code. */
function resolve(given: AxiosRequestConfig['adapter'], config: InternalAxiosRequestConfig): AxiosAdapter {
  try {
    return getAdapter(given, config);
  } catch {
    throw new DidomiRequestError("The adapter of a request has to be 'http', 'fetch' or an Axios adapter function");
  }
}
