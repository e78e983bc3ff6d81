import { isAxiosError } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { apiError } from './failures/api-error.js';
import { unsendableError } from './failures/unsendable.js';
import { describeRequest } from './request/request-description.js';

/**
 * Makes one of the library's errors of what Axios throws above the adapter, for responses that cannot be parsed above all. The first of the response interceptors, so that those of the application see no error of Axios.
 */
export class FailureInterceptor {
  /** @param isOwn whether a configuration is one of the client's requests. Other requests are none of our business. */
  constructor(
    private readonly clock: DidomiClock,
    private readonly isOwn: (config: object | undefined) => boolean,
  ) {}

  readonly translate = (error: unknown): never => {
    if (!isAxiosError(error) || !this.isOwn(error.config)) throw error;
    const { response } = error;
    const description = describeRequest(error.config);
    // What a transform of the application throws stays as it is.
    if (response === undefined) throw unsendableError(error, description) ?? error;
    const context = { accessToken: '', attempts: 1, description, now: this.clock.now() };
    // The client answers with accepted responses only. What one says is data: it may be personal, or hold what was sent.
    throw apiError({ ...response, data: undefined }, { ...context, note: 'the answer cannot be parsed' });
  };
}
