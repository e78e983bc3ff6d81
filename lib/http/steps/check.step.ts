import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { ApiRequest } from '../request/api-request.js';
import { addOrganizationId } from '../request/organization-id.js';
import { makeRepeatable, watchBody } from '../request/request-body.js';
import type { Answer } from '../response/answer.js';
import type { Next, Step } from './step.js';

/**
 * Refuses requests that would leave Didomi or cannot be sent, and adds the organization to the query. Comes after every
 * interceptor and request transform of the application, since each of them can change where the request goes.
 */
export class CheckStep implements Step {
  handle(request: ApiRequest, next: Next): Promise<Answer> {
    const { abort, config, options, target } = request;
    checkOptions(config);
    checkHeaders(config.headers);
    target.apply(config);
    addOrganizationId(config, options.organizationId, target);
    makeRepeatable(config);
    watchBody(config.data, abort);
    abort.throwIfRequested();
    return next(request);
  }
}

function checkOptions(config: InternalAxiosRequestConfig): void {
  if (config.socketPath) throw otherServer('socketPath');
  if (config.transport) throw otherServer('transport');
  const { method, timeout } = config;
  if (method !== undefined && typeof method !== 'string') {
    throw new DidomiRequestError('The method of a request has to be a string');
  }
  if (method?.length === 7 && method.toUpperCase() === 'CONNECT') {
    throw new DidomiRequestError('CONNECT opens a tunnel and is no request to an API: use another method');
  }
  if (timeout !== undefined && !(Number(timeout) >= 0)) {
    throw new DidomiRequestError('The timeout of a request has to be a number of milliseconds, 0 for none');
  }
}

function otherServer(name: string): DidomiRequestError {
  return new DidomiRequestError(`${name} could send the request to another server: remove it`);
}

function checkHeaders(headers: object): void {
  for (const name in headers) {
    if (name.length === 4 && name.toLowerCase() === 'host') {
      throw new DidomiRequestError('The header Host could send the request to another server: remove it');
    }
  }
}
