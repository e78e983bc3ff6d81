import { CLOSED_FAILURE } from '../../auth/token-request-failure.js';
import { isProgrammingError } from '../../connection/mistake.js';
import { connectionMessage, networkFailure } from '../../connection/network-failure.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import type { DidomiError } from '../../errors/didomi.error.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { DidomiTransportError, type DidomiTransportReason } from '../../errors/didomi-transport.error.js';
import { isDidomiError } from '../../errors/guards.js';
import type { ApiRequest } from '../request/api-request.js';
import { DeadlineExceeded } from '../request/attempt-deadlines.js';
import { axiosSentence, unsendableError } from './unsendable.js';

/** The error of a request that got no response, or none that could be read to its end. */
export function requestError(error: unknown, request: ApiRequest): DidomiError {
  if (isDidomiError(error)) return error;
  const { attempts, description, note, target, timeoutMs } = request;
  if (error instanceof DeadlineExceeded) {
    const what = `got no complete answer from ${target.host} within ${timeoutMs} ms (timeoutMs)${inBrackets(error.message)}`;
    return transportError(request, 'timeout', what + inBrackets(note), error.code);
  }
  const known = abortError(request) ?? unsendableError(error, description);
  if (known !== undefined) return known;
  const { method, path } = description;
  if (attempts === 0) return new DidomiRequestError(`${method} ${path} was not sent: check its configuration`);
  const { reason, systemCode } = networkFailure(error);
  const fault = isProgrammingError(error) ? `${error.name} in the adapter` : undefined;
  const facts = [systemCode, connectionMessage(error) ?? axiosSentence(error), fault].filter(Boolean).join(': ');
  const what = `got no answer from ${target.host}: ${reason}${inBrackets(facts)}${inBrackets(note)}`;
  return transportError(request, reason, what, systemCode);
}

/** The error of a request that was ended early, but for its deadline. That of Axios would hold the configuration. */
function abortError(request: ApiRequest): DidomiError | undefined {
  const { abort, attempts, description, note } = request;
  switch (abort.cause) {
    case undefined:
    case 'deadline':
      return undefined;
    case 'caller':
      return transportError(request, 'aborted', 'was aborted by the caller', 'ERR_CANCELED');
    case 'closed': {
      if (attempts === 0) return new DidomiAuthenticationError(CLOSED_FAILURE);
      const message = `${description.method} ${description.path} was ended by the shutdown of the application, and may have been carried out`;
      return new DidomiAuthenticationError({ reason: 'closed', message });
    }
    case 'upload':
      return attempts === 0
        ? new DidomiRequestError('The body of the request is a stream that failed or was closed before it was sent')
        : transportError(
            request,
            'unknown',
            `was not sent to its end: its body is a stream that failed${inBrackets(note)}`,
          );
  }
}

function transportError(
  { attempts, description: { method, path }, target: { host } }: ApiRequest,
  reason: DidomiTransportReason,
  what: string,
  systemCode?: string,
): DidomiTransportError {
  return new DidomiTransportError({
    reason,
    method,
    path,
    attempts,
    message: `${method} ${path} ${what}`,
    systemCode,
    host,
  });
}

function inBrackets(text: string | undefined): string {
  return text === undefined || text === '' ? '' : ` (${text})`;
}
