import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { isDidomiError } from '../../errors/guards.js';
import { serializeQuery } from '../../query/query-serializer.js';

type Serializer = Exclude<InternalAxiosRequestConfig['paramsSerializer'], Function | undefined>;

/** The one of the library, for every request that brings none of its own. */
export const OWN_SERIALIZER: Serializer = { serialize: safe(serializeQuery) };

/** Axios' adapters let pass, or wrap, what a serializer throws: it looks as if the request had been sent. */
export function useSafeSerializer(config: Pick<InternalAxiosRequestConfig, 'paramsSerializer'>): void {
  const given = config.paramsSerializer as Serializer | undefined;
  if (given === undefined || given === null || given.serialize === OWN_SERIALIZER.serialize) return;
  const { encode, serialize } = given;
  config.paramsSerializer = {
    ...given,
    ...(encode === undefined ? {} : { encode: safe(encode) }),
    ...(serialize === undefined ? {} : { serialize: safe(serialize) }),
  };
}

function safe<Args extends unknown[], Result>(write: (...args: Args) => Result): (...args: Args) => Result {
  return function (this: unknown, ...args) {
    try {
      return write.apply(this, args);
    } catch (error) {
      if (isDidomiError(error)) throw error;
      throw new DidomiRequestError('The params cannot be written: a toJSON() of theirs or the paramsSerializer fails');
    }
  };
}
