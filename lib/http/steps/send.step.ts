import { AxiosError, type AxiosResponse } from 'axios';
import { assertSecureAnswer } from '../../connection/secure-answer.js';
import { requestError } from '../failures/request-failure.js';
import { DeadlineExceeded } from '../request/attempt-deadlines.js';
import type { ApiRequest } from '../request/api-request.js';
import { asResponse, isAccepted, type Answer } from '../response/answer.js';
import { discardBody } from '../response/error-body.js';
import { redactedHeaders } from '../response/redaction.js';
import { detachBody } from '../response/streamed-body.js';
import { attemptConfig } from './attempt-config.js';
import type { Step, StepParts } from './step.js';

/** Sends one attempt, within its deadline, on a configuration of its own. */
export class SendStep implements Step {
  constructor(private readonly parts: Pick<StepParts, 'agents' | 'clock' | 'deadlines' | 'maxContentLength'>) {}

  async handle(request: ApiRequest): Promise<Answer> {
    const { deadlines } = this.parts;
    const attempt = attemptConfig(request, this.parts);
    request.attempts += 1;
    request.trace?.sent();
    deadlines.start(request);
    try {
      // An application's adapter may ignore the cancel token, so the abort is not left to it. A late response holds a connection.
      const given = await request.abort.race(Promise.resolve(request.adapter(attempt)), discardBody);
      assertSecureAnswer(given, request.target.isSecure);
      const response = asResponse(given, request.config);
      if (response === undefined)
        throw new AxiosError('The adapter answered without a status', AxiosError.ERR_BAD_RESPONSE);
      return this.#answer(request, response);
    } catch (error) {
      return this.#failure(request, error);
    } finally {
      deadlines.stop(request);
    }
  }

  #answer(request: ApiRequest, response: NonNullable<Answer['response']>): Answer {
    const { abort, accessToken, timeoutMs } = request;
    response.headers = redactedHeaders(response.headers, accessToken);
    if (typeof response.data !== 'object') return { response };
    const whenFree = detachBody(response, {
      abort,
      clock: this.parts.clock,
      timeoutMs,
      translate: (error) => requestError(error, request),
    });
    return whenFree === undefined ? { response } : { response, whenFree };
  }

  #failure(request: ApiRequest, error: unknown): Answer {
    const { abort, config } = request;
    if (abort.cause === 'deadline') {
      // Ends this attempt only: the wait before the next one can be aborted again.
      abort.resume();
      return { error: new DeadlineExceeded() };
    }
    if (abort.cause !== undefined) throw requestError(error, request);
    const response = responseOf(error, request);
    // With an accepted status the error is about something else: the body broke off, or is too large.
    return response === undefined || isAccepted(response.status, config)
      ? { error }
      : { ...this.#answer(request, response), error };
  }
}

/** The response that an adapter has rejected with. */
function responseOf(error: unknown, { config, target }: ApiRequest): AxiosResponse | undefined {
  const { response } = (error ?? {}) as { response?: AxiosResponse };
  if (response === undefined) return undefined;
  assertSecureAnswer(response, target.isSecure);
  return asResponse(response, config);
}
