import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/** How one attempt ended. */
export interface Answer {
  /** Absent if no response came, or none that could be read to its end. */
  readonly response?: AxiosResponse;
  /** Why none came. */
  readonly error?: unknown;
  /** Resolves once the connection is free of a streamed body; absent if the body is no stream. */
  readonly whenFree?: Promise<void>;
}

/**
 * Whether the caller accepts the status, as Axios asks for it: whatever is falsy says no.
 *
 * @throws DidomiRequestError if `validateStatus` throws.
 */
export function isAccepted(status: number, { validateStatus }: InternalAxiosRequestConfig): boolean {
  try {
    return !validateStatus || Boolean(validateStatus(status));
  } catch {
    throw new DidomiRequestError(
      `The request was sent, and answered with ${status}, but its validateStatus threw an error: make it return true or false`,
    );
  }
}

/**
 * The response of an adapter as the caller may see it: without `request`, on which the access token hangs, and with the
 * configuration of the caller. Everything else that stands on it stays. Undefined for what is no response at all.
 */
export function asResponse(given: unknown, config: InternalAxiosRequestConfig): AxiosResponse | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { status, headers } = given as Partial<AxiosResponse>;
  if (!Number.isInteger(status) || status! < 100) return undefined;
  const response: Record<string, unknown> = {};
  for (const name of Object.keys(given)) if (name !== 'request') response[name] = (given as typeof response)[name];
  response['config'] = config;
  // Adapters of an application may have a `Headers`, or none.
  response['headers'] = AxiosHeaders.from(headers as Parameters<typeof AxiosHeaders.from>[0]);
  return response as unknown as AxiosResponse;
}
