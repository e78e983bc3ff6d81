import type { Headers } from '../headers/lower-cased.js';

/** What servers in front of an API answer with. Other text of a header could be an echo of the request. */
const MEDIA_TYPES = new Set([
  'application/json',
  'application/problem+json',
  'application/octet-stream',
  'application/xhtml+xml',
  'application/xml',
  'text/html',
  'text/plain',
  'text/xml',
]);

/** The media type of an answer, for a message. */
export function mediaTypeOf(headers: Headers): string {
  const header = headers['content-type'];
  if (typeof header !== 'string') return 'no media type';
  const type = header.split(';', 1)[0]!.trim().toLowerCase();
  return MEDIA_TYPES.has(type) ? type : 'another media type';
}
