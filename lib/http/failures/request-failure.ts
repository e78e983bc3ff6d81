import { isDidomiError } from '../../errors/guards.js';
import { CLOSED_FAILURE } from '../../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import type { DidomiError } from '../../errors/didomi.error.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { DidomiTransportError } from '../../errors/didomi-transport.error.js';
import type { ApiRequest } from '../request/api-request.js';
import type { RequestDescription } from '../request/request-description.js';
import { isProgrammingError } from '../../connection/mistake.js';
import { connectionMessage, networkFailure } from '../../connection/network-failure.js';
import { DeadlineExceeded } from '../request/attempt-deadlines.js';
import { axiosSentence, unsendableError } from './unsendable.js';

/** The error of a request that got no response, or none that could be read to its end. */
export function requestError(error: unknown, request: ApiRequest): DidomiError {
  if (isDidomiError(error)) return error;
  if (error instanceof DeadlineExceeded) return deadlineError(error, request);
  const known = abortError(request) ?? unsendableError(error, request.description);
  if (known !== undefined || request.attempts > 0) return known ?? transportError(error, request);
  const { method, path } = request.description;
  return new DidomiRequestError(`${method} ${path} was not sent: check its configuration`);
}

/** The error of a request that its caller aborted. Axios' own would hold the configuration, and so the access token. */
export function abortedByCaller({ method, path }: RequestDescription, attempts: number): DidomiTransportError {
  const message = `${method} ${path} was aborted by the caller`;
  return new DidomiTransportError({ reason: 'aborted', method, path, attempts, message, systemCode: 'ERR_CANCELED' });
}

function transportError(error: unknown, request: ApiRequest): DidomiTransportError {
  const { attempts, description, note, target } = request;
  const { method, path } = description;
  const { reason, systemCode } = networkFailure(error);
  const known = connectionMessage(error) ?? axiosSentence(error);
  const fault = isProgrammingError(error) ? `${error.name} in the adapter` : undefined;
  const facts = [systemCode, known, fault].filter(Boolean).join(': ');
  const message = `${method} ${path} got no answer from ${target.host}: ${reason}${inBrackets(facts)}${inBrackets(note)}`;
  return new DidomiTransportError({ reason, method, path, attempts, message, systemCode, host: target.host });
}

function deadlineError({ code, message: why }: DeadlineExceeded, request: ApiRequest): DidomiTransportError {
  const { attempts, description, note, target, timeoutMs } = request;
  const { method, path } = description;
  const { host } = target;
  const message = `${method} ${path} got no complete answer from ${host} within ${timeoutMs} ms (timeoutMs)${inBrackets(why)}${inBrackets(note)}`;
  return new DidomiTransportError({ reason: 'timeout', method, path, attempts, message, systemCode: code, host });
}

function abortError(request: ApiRequest): DidomiError | undefined {
  const { abort, attempts, description, target } = request;
  const { method, path } = description;
  switch (abort.cause) {
    case undefined:
    case 'deadline':
      return undefined;
    case 'caller':
      return abortedByCaller(description, attempts);
    case 'closed': {
      if (attempts === 0) return new DidomiAuthenticationError(CLOSED_FAILURE);
      const message = `${method} ${path} was ended by the shutdown of the application, and may have been carried out`;
      return new DidomiAuthenticationError({ reason: 'closed', message });
    }
    case 'upload': {
      if (attempts === 0) {
        return new DidomiRequestError(
          'The body of the request is a stream that failed or was closed before it was sent',
        );
      }
      const message = `${method} ${path} was not sent to its end: its body is a stream that failed`;
      return new DidomiTransportError({ reason: 'unknown', method, path, attempts, message, host: target.host });
    }
  }
}

function inBrackets(text: string | undefined): string {
  return text === undefined || text === '' ? '' : ` (${text})`;
}
