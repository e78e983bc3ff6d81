import { isAxiosError } from 'axios';
import { types } from 'node:util';
import { isDidomiError } from '../errors/guards.js';
import { codeOf } from './error-code.js';

/** How the codes begin of what is refused before there is a request: by this library, Axios, Node.js and undici. */
const MISTAKES = [
  'DIDOMI_REQUEST$',
  'ERR_(?:BAD_OPTION|BAD_REQUEST|FORM_DATA|INVALID_(?!STATE)|NOT_SUPPORT|OUT_OF_RANGE|SOCKET_BAD_PORT|UNESCAPED_)',
  'ERR_HTTP_(?:HEADERS_SENT|INVALID_|TRAILER_)',
  'ERR_HTTP2_(?:CONNECT_|HEADER_|INVALID_(?:CONNECTION_HEADERS|HEADER_VALUE|PSEUDOHEADER)|PSEUDOHEADER_)',
  'UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|REQ_)',
];
const FAULTS: ReadonlySet<string> = new Set(['RangeError', 'SyntaxError', 'TypeError']);
const MISTAKE_CODE = new RegExp(`^(?:${MISTAKES.join('|')})`);

/** Whether the request cannot be sent as it is. Its caller has to change it. */
export function isMistake(error: unknown): boolean {
  // Errors of this library are final, also where an adapter wraps one.
  if (isDidomiError((error as { cause?: unknown } | null | undefined)?.cause)) return true;
  const code = codeOf(error);
  if (code !== undefined) return isMistakeCode(code);
  if (!isAxiosError(error)) return false;
  // Axios gives no code to what it refuses while it chooses an adapter. `fetch` throws a TypeError for what it cannot send; for
  // the network, too, but that one has a cause with a code.
  return error.cause === undefined || isProgrammingError(error.cause);
}

export function isMistakeCode(code: string): boolean {
  return MISTAKE_CODE.test(code);
}

/** A fault in the code of an adapter: it would come again. Whether the request was sent, nobody knows. */
export function isProgrammingError(error: unknown): error is Error {
  // By name: with Jest, errors of Node.js are of other classes.
  return (
    types.isNativeError(error) && FAULTS.has(error.name) && codeOf(error) === undefined && error.cause === undefined
  );
}
