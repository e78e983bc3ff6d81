import type { AxiosResponse } from 'axios';
import { DidomiApiError, type DidomiApiFacts } from '../../errors/didomi-api.error.js';
import { lowerCased, type Headers } from '../../headers/lower-cased.js';
import { readRateLimit } from '../../headers/rate-limit.js';
import { redirectOriginOf } from '../../headers/redirect-origin.js';
import { readRetryAfterMs } from '../../headers/retry-after.js';
import type { RequestDescription } from '../request/request-description.js';
import { readErrorEnvelope } from '../response/error-envelope.js';
import { redactedHeaders } from '../response/redaction.js';

/** Stands for where the answer comes from, against which a relative address is read. */
const SAME_SERVER = 'https://same-server.invalid';

/** What an error cannot know from the response alone. */
export interface ApiErrorContext {
  readonly description: RequestDescription;
  /** That of the request: a response may echo it. */
  readonly accessToken: string;
  readonly attempts: number;
  /** Wall-clock time. */
  readonly now: number;
  readonly note?: string | undefined;
  readonly cause?: DidomiApiFacts['cause'];
  readonly previousAttemptUnanswered?: boolean;
}

/** The error for a response whose status the caller does not accept. */
export function apiError(
  { status, data, headers: given }: AxiosResponse<unknown>,
  context: ApiErrorContext,
): DidomiApiError {
  const { method, path } = context.description;
  const headers = redactedHeaders({ ...lowerCased(given) }, context.accessToken);
  const envelope = readErrorEnvelope(data, context.accessToken);
  const contentType = mediaType(headers);
  const said =
    redirection(status, headers) ??
    envelope.message ??
    `no message${contentType === undefined ? '' : `, ${contentType}`}`;
  const note = context.note === undefined ? '' : ` (${context.note})`;
  return new DidomiApiError({
    status,
    method,
    path,
    attempts: context.attempts,
    message: `${method} ${path} was answered with ${status}: ${said}${note}`,
    didomiName: envelope.name,
    errors: envelope.errors,
    contentType,
    retryAfterMs: readRetryAfterMs(status, headers, context.now),
    rateLimit: readRateLimit(headers, context.now),
    response: { status, headers, data: envelope.data },
    cause: context.cause,
    previousAttemptUnanswered: context.previousAttemptUnanswered,
  });
}

function redirection(status: number, headers: Headers): string | undefined {
  if (status < 300 || status > 399 || headers['location'] === undefined) return undefined;
  const origin = redirectOriginOf(headers, SAME_SERVER) ?? 'no valid address';
  return `redirects are not followed, and this one points to ${origin === SAME_SERVER ? 'the same server' : origin}`;
}

function mediaType({ 'content-type': header }: Headers): string | undefined {
  return typeof header === 'string' ? header.split(';', 1)[0]?.trim() : undefined;
}
