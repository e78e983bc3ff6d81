import { isAxiosError, isCancel } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { isDidomiError } from '../../errors/guards.js';
import { isBearerRedacted } from '../bearer/bearer.js';
import { isWelcome } from '../request/welcome.js';
import { apiError, transportError } from './didomi-failure.js';

/**
 * Makes one of the library's errors of what the transport has not turned into one: cancellations, and answers that cannot
 * be read. The first of the response interceptors, so that those of the application see no error of Axios, which carries the
 * access token.
 */
export class FailureInterceptor {
  constructor(private readonly clock: DidomiClock) {}

  readonly translate = (error: unknown): never => {
    // One of our own is a cancellation to Axios, too, and knows better what was given up.
    if (isDidomiError(error) || (!isAxiosError(error) && !isCancel(error))) throw error;
    const { config, response } = error;
    // What the transport has sent has no access token any more.
    const attempts = isBearerRedacted(config) ? 1 : 0;
    if (response === undefined) throw transportError(error, config, { attempts });
    response.config ??= config as typeof response.config;
    const context = { attempts: 1, now: this.clock.now() };
    if (!isWelcome(response)) throw apiError(response, context);
    // A success says nothing about a failure. Its body is data, and may be personal or hold what the request held.
    throw apiError({ ...response, data: undefined }, { ...context, note: 'the answer cannot be read' });
  };
}
