import { isAxiosError } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { RequestDescription } from '../request/request-description.js';
import { codeOf } from '../../connection/error-code.js';
import { isMistake, isProgrammingError } from '../../connection/mistake.js';

const HINTS: Readonly<Record<string, string>> = {
  ERR_INVALID_CHAR: 'a header or the URL holds a character that HTTP does not allow',
  ERR_INVALID_HTTP_TOKEN: 'the name of a header, or the method, holds a character that HTTP does not allow',
  ERR_INVALID_URL: 'its URL is not valid',
  ERR_UNESCAPED_CHARACTERS: 'its path or query holds a character that has to be percent-encoded',
  ERR_SOCKET_BAD_PORT: 'the port of its URL or proxy is not valid',
  ERR_INVALID_PROTOCOL: 'its agent or proxy is for another protocol',
  ERR_INVALID_ARG_TYPE: 'one of its options, such as an agent or a part of proxy, has the wrong type',
  ERR_HTTP_TRAILER_INVALID: 'the header Trailer is only for bodies without a length: remove it',
  ERR_NOT_SUPPORT: 'Axios does not support one of its options in Node.js',
  UND_ERR_INVALID_ARG:
    'a header, its URL or its method holds a character that HTTP does not allow, or a header is set by the transport itself',
  UND_ERR_NOT_SUPPORTED: 'the transport does not support one of its headers: remove it',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'its Content-Length is not the length of its body: remove it',
};
/** How the sentences of Axios and of this library begin that help. Adapters of an application can make an AxiosError of anything. */
const BEGINNINGS = [
  'Blob is not supported',
  'Circular reference detected',
  'Data after transformation must be',
  'Request body larger than maxBodyLength',
  'The (?:adapter|body|proxy|response) ',
  'maxContentLength size of ',
  'options? ',
];
/** Values stand between quotation marks or behind a colon. */
const KNOWN_SENTENCE = new RegExp(`^(?:${BEGINNINGS.join('|')})[\\w ,.()-]*$`);

/** The error of a request that failed before there was a request to the server; undefined for any other failure. */
export function unsendableError(error: unknown, { method, path }: RequestDescription): DidomiRequestError | undefined {
  const { cause, request, response } = (error ?? {}) as { cause?: unknown; request?: unknown; response?: unknown };
  // Axios wraps what the query serializer throws.
  if (cause instanceof DidomiRequestError) return cause;
  if (response !== undefined || !isMistake(error)) return undefined;
  const code = codeOf(error);
  if (request !== undefined && request !== null && !isRefusalOfFetch(error, code)) return undefined;
  const hint = axiosSentence(error) ?? (code === undefined ? undefined : HINTS[code]) ?? 'check its configuration';
  return new DidomiRequestError(
    `${method} ${path} cannot be sent as it is${code === undefined ? '' : ` (${code})`}: ${hint}`,
  );
}

/** `fetch` refuses a request, made already, before it opens a connection. */
function isRefusalOfFetch(error: unknown, code: string | undefined): boolean {
  return code === undefined ? isProgrammingError((error as Error).cause) : code.startsWith('UND_ERR_');
}

/** What Axios says of a failure, if it helps and holds no value. */
export function axiosSentence(error: unknown): string | undefined {
  if (!isAxiosError(error)) return undefined;
  // Axios wraps its own errors, too.
  if (error.cause !== undefined) return isAxiosError(error.cause) ? axiosSentence(error.cause) : undefined;
  return KNOWN_SENTENCE.test(error.message) ? error.message : undefined;
}
