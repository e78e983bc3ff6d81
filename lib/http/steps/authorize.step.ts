import { TokenRequestFailure } from '../../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import type { ApiRequest } from '../request/api-request.js';
import type { Answer } from '../response/answer.js';
import type { Next, Step, StepParts } from './step.js';
import { TOO_MANY_REQUESTS, UNAUTHORIZED } from './status.js';

/** Takes the access token of this moment for the attempt: one that was taken before a wait may have expired in it. */
export class AuthorizeStep implements Step {
  constructor(private readonly parts: Pick<StepParts, 'cache'>) {}

  handle(request: ApiRequest, next: Next): Promise<Answer> {
    const { cache } = this.parts;
    const accessToken = cache.peek();
    if (accessToken === undefined || cache.isUnproven) return this.#authorize(request, next);
    request.accessToken = accessToken;
    return next(request);
  }

  async #authorize(request: ApiRequest, next: Next): Promise<Answer> {
    const { cache } = this.parts;
    request.accessToken = cache.peek() ?? (await this.#obtain(request));
    const answer = await next(request);
    if (isAcceptance(answer)) cache.accepted(request.accessToken);
    return answer;
  }

  async #obtain({ abort, rejection, trace }: ApiRequest): Promise<string> {
    const obtain = () => abort.race(this.parts.cache.obtain('call'));
    const result = await (trace === undefined ? obtain() : trace.wait(obtain, 'access-token'));
    if (result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(result, rejection);
    return result.reveal();
  }
}

/** Whether Didomi has accepted the access token. A 429 or a 5xx may come from a server in front that does not look at it. */
export function isAcceptance({ response }: Answer): boolean {
  const status = response?.status;
  return status !== undefined && status < 500 && status !== UNAUTHORIZED && status !== TOO_MANY_REQUESTS;
}
