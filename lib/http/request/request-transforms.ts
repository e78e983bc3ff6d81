import axios, { type AxiosRequestTransformer, type AxiosResponseTransformer } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/** Taken before an application gets to put its own in their place: those would see the bodies of Didomi's requests. */
const OF_AXIOS = {
  request: listOf(axios.defaults.transformRequest),
  response: listOf(axios.defaults.transformResponse),
};

/** Axios' own ways to write and read bodies; a body that cannot be written is an error of this library. */
export function bodyTransforms(): {
  transformRequest: AxiosRequestTransformer[];
  transformResponse: AxiosResponseTransformer[];
} {
  return { transformRequest: OF_AXIOS.request.map(withOwnError), transformResponse: [...OF_AXIOS.response] };
}

function withOwnError(transform: AxiosRequestTransformer): AxiosRequestTransformer {
  return function (data, headers): unknown {
    try {
      return transform.call(this, data, headers);
    } catch {
      throw new DidomiRequestError(
        'The body of the request cannot be written: it leads back to itself, or holds a BigInt or an object whose toJSON() fails',
      );
    }
  };
}

function listOf<T>(transforms: T | T[] | undefined): readonly T[] {
  return transforms === undefined ? [] : ([transforms].flat() as T[]);
}
