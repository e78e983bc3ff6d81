import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/** How one attempt ended. */
export interface Answer {
  /** Absent if no response came, or none that could be read to its end. */
  readonly response?: AxiosResponse;
  /** Why none came. */
  readonly error?: unknown;
  /** Whether it did not come within the deadline. */
  readonly isOverdue?: boolean;
  /** Resolves once the connection is free of a streamed body; absent if the body is no stream. */
  readonly whenFree?: Promise<void>;
}

/** Whether the caller accepts the status, as Axios asks for it: whatever is falsy says no. */
export function isAccepted(status: number, { validateStatus }: InternalAxiosRequestConfig): boolean {
  return !validateStatus || Boolean(validateStatus(status));
}

/** Completes what adapters of applications leave out. Undefined for what is no response at all. */
export function asResponse(given: unknown, config: InternalAxiosRequestConfig): AxiosResponse | undefined {
  const response = given as AxiosResponse | undefined;
  if (typeof response !== 'object' || response === null || typeof response.status !== 'number') return undefined;
  // eslint-disable-next-line typescript/no-unnecessary-condition -- not every adapter has them
  response.headers ??= new AxiosHeaders();
  response.config = config;
  return response;
}
