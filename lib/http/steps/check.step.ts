import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { ApiRequest } from '../request/api-request.js';
import { useSafeSerializer } from '../request/safe-serializer.js';
import { checkConfig } from '../request/check-config.js';
import { addOrganizationId } from '../request/organization-id.js';
import { isRepeatable, makeRepeatable, watchBody } from '../request/request-body.js';
import type { Answer } from '../response/answer.js';
import type { Next, Step } from './step.js';

/**
 * Refuses requests that would leave Didomi or cannot be sent, and adds the organization to the query. Comes after every
 * interceptor and request transform of the application, since each of them can change where the request goes.
 */
export class CheckStep implements Step {
  handle(request: ApiRequest, next: Next): Promise<Answer> {
    const { abort, cancellation, config, connection, options, target } = request;
    checkConfig(config, connection.proxy, cancellation);
    target.apply(config);
    useSafeSerializer(config);
    addOrganizationId(config, options.organizationId, target);
    makeRepeatable(config);
    checkHeaders(config);
    watchBody(config.data, abort);
    abort.follow(cancellation);
    abort.throwIfRequested();
    return next(request);
  }
}

function checkHeaders(config: InternalAxiosRequestConfig): void {
  const { headers } = config;
  for (const name of Object.keys(headers)) {
    if (name.length === 4 && name.toLowerCase() === 'host') {
      throw new DidomiRequestError('The header Host could send the request to another server: remove it');
    }
    // Axios knows the length of what is no stream. A wrong one, such as that of a request which is passed on, makes the server
    // wait for the rest, or take the rest for another request.
    if (name.length === 14 && name.toLowerCase() === 'content-length' && isRepeatable(config)) delete headers[name];
  }
}
