import type { InternalAxiosRequestConfig } from 'axios';

/** The part of Axios' `CancelToken` that its type leaves out. */
interface Subscribable {
  subscribe?(listener: () => void): void;
  unsubscribe?(listener: () => void): void;
}

/**
 * Calls back when the request is aborted, by `signal` or `cancelToken`; at once if it has been.
 *
 * @returns a function that removes the listener.
 */
export function onAbort({ signal, cancelToken }: InternalAxiosRequestConfig, listener: () => void): () => void {
  const token = cancelToken as Subscribable | undefined;
  token?.subscribe?.(listener);
  signal?.addEventListener?.('abort', listener);
  if (signal?.aborted) listener();
  return () => {
    token?.unsubscribe?.(listener);
    signal?.removeEventListener?.('abort', listener);
  };
}
