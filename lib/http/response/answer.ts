import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/** How one attempt ended. */
export interface Answer {
  /** Absent if no response came, or none that could be read to its end. */
  readonly response?: AxiosResponse;
  /** Why none came. */
  readonly error?: unknown;
  /** Resolves once the connection is free of a streamed body; absent if the body is no stream. */
  readonly whenFree?: Promise<void>;
}

/** Whether the caller accepts the status, as Axios asks for it: whatever is falsy says no. */
export function isAccepted(status: number, { validateStatus }: InternalAxiosRequestConfig): boolean {
  return !validateStatus || Boolean(validateStatus(status));
}

/**
 * The response of an adapter as the caller may see it: without `request`, on which the access token hangs, and with the
 * configuration of the caller. Everything else that stands on it stays. Undefined for what is no response at all.
 */
export function asResponse(given: unknown, config: InternalAxiosRequestConfig): AxiosResponse | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { status, headers } = given as Partial<AxiosResponse>;
  if (typeof status !== 'number') return undefined;
  const response: Record<string, unknown> = {};
  for (const name of Object.keys(given)) if (name !== 'request') response[name] = (given as typeof response)[name];
  response['config'] = config;
  response['headers'] = headers ?? new AxiosHeaders();
  return response as unknown as AxiosResponse;
}
