import { isAxiosError, isCancel } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { isDidomiError } from '../errors/guards.js';
import { apiError } from './failures/api-error.js';
import { abortedByCaller } from './failures/request-failure.js';
import { unsendableError } from './failures/unsendable.js';
import { describeRequest } from './request/request-description.js';

/**
 * Makes one of the library's errors of what Axios throws above the adapter: cancellations, and responses that cannot be
 * parsed. The first of the response interceptors, so that those of the application see no error of Axios.
 */
export class FailureInterceptor {
  /** @param isOwn whether a configuration is one of the client's requests. Other requests are none of our business. */
  constructor(
    private readonly clock: DidomiClock,
    private readonly isOwn: (config: object | undefined) => boolean,
  ) {}

  readonly translate = (error: unknown): never => {
    if (isDidomiError(error) || (!isAxiosError(error) && !isCancel(error))) throw error;
    const { config, response } = error;
    // A legacy cancel token rejects with a reason that has no configuration.
    if (config !== undefined && !this.isOwn(config)) throw error;
    const description = describeRequest(config);
    // The client takes the adapter off what it sends.
    const attempts = config === undefined || config.adapter !== undefined ? 0 : 1;
    if (response === undefined) throw unsendableError(error, description) ?? abortedByCaller(description, attempts);
    const context = { accessToken: '', attempts: 1, description, now: this.clock.now() };
    // The client answers with accepted responses only. What one says is data: it may be personal, or hold what was sent.
    throw apiError({ ...response, data: undefined }, { ...context, note: 'the answer cannot be parsed' });
  };
}
