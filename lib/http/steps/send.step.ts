import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { DidomiAgents } from '../../connection/didomi-agents.js';
import { assertSecureAnswer } from '../../connection/secure-answer.js';
import { DeadlineExceeded } from '../failures/deadline-exceeded.js';
import { requestError } from '../failures/request-failure.js';
import type { AttemptDeadlines } from '../request/attempt-deadlines.js';
import type { ApiRequest } from '../request/api-request.js';
import { asResponse, isAccepted, type Answer } from '../response/answer.js';
import { discardBody } from '../response/error-body.js';
import { redactHeaders } from '../response/redaction.js';
import { detachBody } from '../response/streamed-body.js';
import type { Step } from './step.js';

interface SendParts {
  readonly agents: DidomiAgents;
  readonly clock: DidomiClock;
  readonly deadlines: AttemptDeadlines;
  readonly maxContentLength: number;
}

/**
 * Sends one attempt, within its deadline. The adapter gets a configuration of its own: access token, agents, proxy and cancel
 * token stand on no object that an interceptor, the caller or the reader of the response can see.
 */
export class SendStep implements Step {
  constructor(private readonly parts: SendParts) {}

  async handle(request: ApiRequest): Promise<Answer> {
    const { deadlines } = this.parts;
    const attempt = this.#configFor(request);
    request.attempts += 1;
    deadlines.start(request);
    try {
      // An application's adapter may ignore the cancel token, so the abort is not left to it.
      const given = await request.abort.race(Promise.resolve(request.adapter(attempt)), discardLate);
      assertSecureAnswer(given, request.target.isSecure);
      const response = asResponse(given, request.config);
      if (response === undefined) throw new TypeError('the adapter answered without a status');
      return this.#answer(request, response);
    } catch (error) {
      return this.#failure(request, error);
    } finally {
      deadlines.stop(request);
    }
  }

  #configFor({ accessToken, abort, config, connection }: ApiRequest): InternalAxiosRequestConfig {
    const headers = Object.assign(new AxiosHeaders(), config.headers);
    for (const name in headers) {
      if (name.length === 13 && name.toLowerCase() === 'authorization') delete headers[name];
    }
    headers['Authorization'] = `Bearer ${accessToken}`;
    const attempt = Object.assign(ownConfig(config), this.parts.agents.of(connection));
    attempt.headers = headers;
    attempt.cancelToken = abort;
    attempt.signal = undefined;
    // The reader of a stream stops it. Only a limit of the request's own holds for it.
    if (config.responseType === 'stream' && config.maxContentLength === this.parts.maxContentLength) {
      attempt.maxContentLength = -1;
    }
    // Bounded by `abort`, to the last byte. Axios' own timeout ends with the headers.
    attempt.timeout = 0;
    // Followed redirects could carry the access token elsewhere, and basic credentials would replace it.
    attempt.maxRedirects = 0;
    attempt.auth = undefined;
    // Every status is an answer, and the caller decides at the end. An AxiosError for each refusal costs more than all the rest.
    attempt.validateStatus = null;
    return attempt;
  }

  #answer(request: ApiRequest, response: NonNullable<Answer['response']>): Answer {
    const { abort, accessToken, timeoutMs } = request;
    redactHeaders(response.headers as Record<string, unknown>, accessToken);
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

/** Inherits nothing, so that what others put on `Object.prototype` is no option; faster than `Object.create(null)`. */
const AttemptConfig = function () {} as unknown as new () => InternalAxiosRequestConfig;
AttemptConfig.prototype = Object.create(null) as InternalAxiosRequestConfig;

/** A copy. A loop, since `Object.assign()` takes three times as long for the objects that Axios makes. */
function ownConfig(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const attempt = new AttemptConfig() as unknown as Record<string, unknown>;
  for (const name of Object.keys(config)) attempt[name] = (config as unknown as typeof attempt)[name];
  return attempt as unknown as InternalAxiosRequestConfig;
}

/** The response that an adapter has rejected with. */
function responseOf(error: unknown, { config, target }: ApiRequest): AxiosResponse | undefined {
  const { response } = (error ?? {}) as { response?: AxiosResponse };
  if (response === undefined) return undefined;
  assertSecureAnswer(response, target.isSecure);
  return asResponse(response, config);
}

/** A response that arrives after the abort still holds a connection. */
function discardLate(response: unknown): void {
  discardBody(response as Parameters<typeof discardBody>[0]);
}
