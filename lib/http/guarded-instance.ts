import { isAxiosError, isCancel, type AxiosInstance } from 'axios';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { isDidomiError } from '../errors/guards.js';
import { axiosSentence } from './failures/unsendable.js';

const METHODS = 'request get delete head options post put patch postForm putForm patchForm query'.split(' ');

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same instance, with errors of the library also for what Axios refuses before any interceptor runs: it merges the
 * configuration of a request with the defaults first, and checks parts of the result.
 */
export function guardedInstance(instance: AxiosInstance): AxiosInstance {
  // Its own `defaults` and `interceptors` are the same objects.
  const copy: object = Object.assign(guard(instance as unknown as Method), instance);
  const result = copy as Record<string, unknown>;
  for (const name of METHODS) result[name] = guard(result[name] as Method);
  return result as unknown as AxiosInstance;
}

function guard(method: Method): Method {
  return (...args) => method(...args).then(undefined, rethrow);
}

/** Errors of the application, thrown in an interceptor or a transform of its own, pass as they are. */
function rethrow(error: unknown): never {
  if (isDidomiError(error)) throw error;
  // Merging has no configuration yet; every other request of an interceptor has one.
  if (isAxiosError(error) && !isCancel(error) && error.config === undefined && error.response === undefined) {
    throw new DidomiRequestError(`The request was not sent: ${axiosSentence(error) ?? 'check its configuration'}`);
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    throw new DidomiRequestError('The request was not sent: its body, or an option, is circular or nested too deeply');
  }
  throw error;
}
