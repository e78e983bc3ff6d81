import axios, { type InternalAxiosRequestConfig } from 'axios';
import type { Upload } from './upload.js';

const USER_AGENT = `axios/${axios.VERSION}`;
/** Those that Axios asks for, and that are read here. Not zstd, see `decompression.ts`. */
const ACCEPT_ENCODING = 'gzip, compress, deflate, br';

/**
 * The headers of a request, names and values in turn, with those that Axios' own adapter adds. Undici refuses names and values
 * that HTTP does not allow.
 */
export function requestHeaders(
  headers: InternalAxiosRequestConfig['headers'],
  { contentType, contentLength }: Upload,
): string[] {
  const list: (string | string[])[] = [];
  let hasUserAgent = false;
  let hasAcceptEncoding = false;
  for (const name of Object.keys(headers)) {
    const value = headers[name] as string | number | boolean | null | undefined | (string | number)[];
    if (name.length === 10 && name.toLowerCase() === 'user-agent') hasUserAgent = true;
    else if (name.length === 15 && name.toLowerCase() === 'accept-encoding') hasAcceptEncoding = true;
    else if (contentType !== undefined && name.toLowerCase() === 'content-type') continue;
    else if (contentLength !== undefined && name.toLowerCase() === 'content-length') continue;
    // `false` is how Axios is told to leave a header out.
    if (value === undefined || value === null || value === false) continue;
    list.push(name, Array.isArray(value) ? value.map(String) : String(value));
  }
  if (!hasUserAgent) list.push('User-Agent', USER_AGENT);
  if (!hasAcceptEncoding) list.push('Accept-Encoding', ACCEPT_ENCODING);
  if (contentType !== undefined) list.push('Content-Type', contentType);
  if (contentLength !== undefined) list.push('Content-Length', String(contentLength));
  return list as string[];
}
