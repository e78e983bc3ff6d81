import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiTransportError } from '../../errors/didomi-transport.error.js';
import { requestFacts } from './request-facts.js';

/** The code that Axios gives a request which was given up. */
const CANCELED = 'ERR_CANCELED';

/** What of an `AbortSignal` is needed here, for both of Axios' ways to give up a request. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The parts of Axios' `CancelToken` that its type leaves out. */
interface Subscribable {
  subscribe?(listener: () => void): void;
  unsubscribe?(listener: () => void): void;
}

/** How the caller of a request can give it up; undefined if not at all. */
export function cancellationOf(config: InternalAxiosRequestConfig): Cancellation | undefined {
  if (config.signal === undefined && config.cancelToken === undefined) return undefined;
  return new RequestCancellation(config);
}

class RequestCancellation implements Cancellation {
  constructor(private readonly config: InternalAxiosRequestConfig) {}
  get aborted(): boolean {
    return this.config.signal?.aborted === true || this.config.cancelToken?.reason !== undefined;
  }
  addEventListener(type: 'abort', listener: () => void): void {
    this.config.signal?.addEventListener?.(type, listener);
    (this.config.cancelToken as Subscribable | undefined)?.subscribe?.(listener);
  }
  removeEventListener(type: 'abort', listener: () => void): void {
    this.config.signal?.removeEventListener?.(type, listener);
    (this.config.cancelToken as Subscribable | undefined)?.unsubscribe?.(listener);
  }
}

/**
 * The error of a request that its caller has given up. Axios' own, which an application may get to see in its place, would hold
 * the configuration and so the access token.
 *
 * @param attempts how many times it was sent.
 */
export function abortedError(config: InternalAxiosRequestConfig | undefined, attempts: number): DidomiTransportError {
  const { method, path } = requestFacts(config);
  const message = `${method} ${path} was given up by its caller`;
  return new DidomiTransportError({ reason: 'aborted', method, path, attempts, message, systemCode: CANCELED });
}

/**
 * Waits on behalf of one request: ends at once when its caller gives up, and leaves what is waited for to the others.
 *
 * @param attempts how many times it was sent.
 */
export function untilCancelled<T>(wait: Promise<T>, config: InternalAxiosRequestConfig, attempts: number): Promise<T> {
  const cancellation = cancellationOf(config);
  if (cancellation === undefined) return wait;
  return new Promise<T>((resolve, reject) => {
    const cancel = (): void => reject(abortedError(config, attempts));
    cancellation.addEventListener('abort', cancel);
    if (cancellation.aborted) cancel();
    void wait.then(resolve, reject).finally(() => cancellation.removeEventListener('abort', cancel));
  });
}
