import { AxiosHeaders, type AxiosResponse } from 'axios';

const SET_COOKIE = 'set-cookie';
/** Of these Node.js takes the first, of others it makes a list: https://nodejs.org/api/http.html#messageheaders. */
const SINGLE = new Set(
  'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent'.split(
    ' ',
  ),
);

/** The headers of a response as Node.js has them. Undici has a list wherever a header comes more than once. */
export function responseHeaders(
  given: Readonly<Record<string, string | string[] | undefined>>,
): AxiosResponse['headers'] {
  // Its own `set()` looks for each name among all the others.
  const headers: AxiosResponse['headers'] = new AxiosHeaders();
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (name === SET_COOKIE) headers[name] = [value].flat() as string[];
    else if (Array.isArray(value)) headers[name] = SINGLE.has(name) ? value[0] : value.join(', ');
    else headers[name] = value;
  }
  return headers;
}
