import { CanceledError, type InternalAxiosRequestConfig } from 'axios';

/**
 * Waits on behalf of one request: ends at once when its caller gives up, and leaves what is waited for to the others.
 */
export function untilCancelled<T>(wait: Promise<T>, config: InternalAxiosRequestConfig): Promise<T> {
  const { signal, cancelToken } = config;
  if (signal === undefined && cancelToken === undefined) return wait;
  return new Promise<T>((resolve, reject) => {
    const cancel = (): void => reject(cancelToken?.reason ?? new CanceledError(undefined, config));
    const subscription = cancelToken as { subscribe?(listener: () => void): void; unsubscribe?(l: () => void): void };
    signal?.addEventListener?.('abort', cancel);
    subscription?.subscribe?.(cancel);
    if (signal?.aborted) cancel();
    void wait.then(resolve, reject).finally(() => {
      signal?.removeEventListener?.('abort', cancel);
      subscription?.unsubscribe?.(cancel);
    });
  });
}
