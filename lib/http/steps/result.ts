import type { AxiosResponse } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { DidomiApiError } from '../../errors/didomi-api.error.js';
import type { DidomiError } from '../../errors/didomi.error.js';
import { apiError } from '../failures/api-error.js';
import { requestError } from '../failures/request-failure.js';
import type { ApiRequest } from '../request/api-request.js';
import type { Answer } from '../response/answer.js';
import { readErrorBody } from '../response/error-body.js';
import { hasEffect } from './retry-policy.js';
import { CONFLICT, GONE, NOT_FOUND, UNAUTHORIZED } from './status.js';

/** The note of a request that could be sent only once. */
export const USED_UP = 'not sent again: the body is a stream, and used up';

/** What an earlier attempt leaves behind if it was carried out. */
const AFTERMATHS: ReadonlySet<number> = new Set([NOT_FOUND, CONFLICT, GONE]);

/** The error of an answer. */
export async function failureOf(
  request: ApiRequest,
  { response, error }: Answer,
  clock: DidomiClock,
): Promise<DidomiError> {
  return response === undefined ? requestError(error, request) : await errorOf(request, response, clock);
}

export async function errorOf(
  request: ApiRequest,
  response: AxiosResponse,
  clock: DidomiClock,
): Promise<DidomiApiError> {
  const { abort, accessToken, attempts, description, note, rejection, uncertain } = request;
  const { status } = response;
  const isUnsure = uncertain !== undefined && AFTERMATHS.has(status) && hasEffect(response);
  const isStillRefused = request.isReplayed && status === UNAUTHORIZED;
  return apiError(
    { ...response, data: await readErrorBody(response.data, abort, clock) },
    {
      accessToken,
      attempts,
      description,
      now: clock.now(),
      note: isUnsure
        ? 'an earlier attempt failed without telling whether it was carried out'
        : isStillRefused
          ? 'with another access token, too'
          : note,
      cause: isUnsure ? uncertain : rejection,
      previousAttemptUnanswered: isUnsure,
    },
  );
}
