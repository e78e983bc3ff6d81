import { TokenRequestFailure } from '../../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import type { ApiRequest } from '../request/api-request.js';
import { isRepeatable } from '../request/request-body.js';
import type { Answer } from '../response/answer.js';
import { discardBody } from '../response/error-body.js';
import { isAcceptance } from './authorize.step.js';
import { errorOf, USED_UP } from './result.js';
import { UNAUTHORIZED } from './status.js';
import type { Next, Step, StepParts } from './step.js';

/** Sends a request once more after a 401, with another access token: the current one, or one from a shared token request. */
export class ReplayStep implements Step {
  constructor(private readonly parts: Pick<StepParts, 'cache' | 'clock' | 'log' | 'shutdown'>) {}

  async handle(request: ApiRequest, next: Next): Promise<Answer> {
    const answer = await next(request);
    if (answer.response?.status !== UNAUTHORIZED || request.isReplayed || !request.options.replay) return answer;
    if (this.parts.shutdown.isStarted) return answer;
    const replacing = this.parts.cache.replace(request.accessToken);
    if (!isRepeatable(request.config)) {
      // Nobody waits for the other access token, but the next request needs it.
      request.note = USED_UP;
      return answer;
    }
    const replacement = await request.wait(() => request.abort.race(replacing), 'access-token');
    if (replacement === undefined) return answer;
    // What Didomi said of the 401 would be lost by what comes next.
    const { response } = answer;
    request.rejection = await request.wait(() => errorOf(request, response, this.parts.clock));
    if (replacement instanceof TokenRequestFailure) throw new DidomiAuthenticationError(replacement, request.rejection);
    discardBody(answer.response);
    request.isReplayed = true;
    return await this.#replay(request, next, replacement);
  }

  async #replay(
    request: ApiRequest,
    next: Next,
    { delayMs, isRequested }: { readonly delayMs: number; readonly isRequested: boolean },
  ): Promise<Answer> {
    const { cache, clock, log } = this.parts;
    log.debug(request, `was answered with 401, and is sent once more with another access token in ${delayMs} ms`);
    request.trace?.replayed();
    if (delayMs > 0) await request.wait(() => request.abort.sleep(delayMs, clock));
    const answer = await next(request);
    // Only of an access token that was requested because of the 401.
    if (isRequested && answer.response?.status === UNAUTHORIZED) cache.rejectedAgain(request.accessToken);
    else if (isRequested && isAcceptance(answer)) cache.replayAccepted();
    return answer;
  }
}
