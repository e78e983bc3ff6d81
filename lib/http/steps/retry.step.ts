import { networkFailure } from '../../connection/network-failure.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { ApiRequest } from '../request/api-request.js';
import { isRepeatable } from '../request/request-body.js';
import type { Answer } from '../response/answer.js';
import { discardBody } from '../response/error-body.js';
import { failureOf, USED_UP } from './result.js';
import { isUncertain, retryDelayMs } from './retry-policy.js';
import { TOO_MANY_REQUESTS } from './status.js';
import type { Next, Step, StepParts } from './step.js';

/**
 * Sends a request again after a transient failure. A 429 is no attempt, since Didomi has done nothing: its waits are bounded by
 * `maxWaitMs`, all others by `maxAttempts` as well.
 */
export class RetryStep implements Step {
  constructor(private readonly parts: Pick<StepParts, 'clock' | 'gate' | 'log' | 'shutdown'>) {}

  async handle(request: ApiRequest, next: Next): Promise<Answer> {
    let answer = await next(request);
    for (;;) {
      const delayMs = this.#delayMs(request, answer);
      if (delayMs === undefined) return answer;
      if (!isRepeatable(request.config)) {
        request.note = USED_UP;
        return answer;
      }
      await request.wait(() => this.#pause(request, answer, delayMs));
      const { attempts } = request;
      try {
        answer = await next(request);
      } catch (error) {
        // It may not wait for its turn again: the answer that it has says more than that, unless its body is gone.
        const isRefused = error instanceof DidomiRequestError && request.attempts === attempts;
        if (isRefused && answer.whenFree === undefined) return answer;
        throw error;
      }
    }
  }

  #delayMs(request: ApiRequest, answer: Answer): number | undefined {
    const status = answer.response?.status;
    if (status !== undefined && status < TOO_MANY_REQUESTS) return undefined;
    const { clock, shutdown } = this.parts;
    const isThrottled = status === TOO_MANY_REQUESTS;
    if (isThrottled) request.throttled += 1;
    const { maxAttempts } = request.options.retry;
    if (maxAttempts === 1 || shutdown.isStarted) return undefined;
    if (!isThrottled && request.countedAttempts >= maxAttempts) return undefined;
    const delayMs = retryDelayMs(request, answer, clock.now());
    return delayMs !== undefined && delayMs <= request.waitLeftMs ? delayMs : undefined;
  }

  async #pause(request: ApiRequest, answer: Answer, delayMs: number): Promise<void> {
    const { clock, gate, log } = this.parts;
    const { response, error } = answer;
    const why = response === undefined ? networkFailure(error).reason : response.status;
    log.debug(
      request,
      `failed (${why}) in attempt ${request.attempts}, and is sent again in ${Math.round(delayMs)} ms`,
    );
    request.trace?.retried(why, delayMs);
    if (isUncertain(answer)) request.uncertain = (await failureOf(request, answer, clock)) as ApiRequest['uncertain'];
    discardBody(response);
    // What holds back all others holds this one back, too, in the order in which they wait.
    const pauseMs = response?.status === TOO_MANY_REQUESTS && request.isCounted ? delayMs - gate.heldMs : delayMs;
    if (pauseMs <= 0) return;
    request.waitLeftMs -= pauseMs;
    await request.abort.sleep(pauseMs, clock);
  }
}
