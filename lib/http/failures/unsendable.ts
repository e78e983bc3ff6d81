import { isAxiosError } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { RequestDescription } from '../request/request-description.js';
import { codeOf, isMistake } from '../../connection/network-failure.js';

const HINTS: Readonly<Record<string, string>> = {
  ERR_INVALID_CHAR: 'a header or the URL holds a character that HTTP does not allow',
  ERR_INVALID_HTTP_TOKEN: 'the name of a header, or the method, holds a character that HTTP does not allow',
  ERR_INVALID_URL: 'its URL is not valid',
  ERR_SOCKET_BAD_PORT: 'its port is not valid',
};
/** A sentence of Axios that quotes nothing: values stand between quotation marks or behind a colon. */
const PLAIN_SENTENCE = /^[\w ,.()'-]+$/;

/** The error of a request that failed before there was a request to the server; undefined for any other failure. */
export function unsendableError(error: unknown, { method, path }: RequestDescription): DidomiRequestError | undefined {
  const { cause, request, response } = (error ?? {}) as { cause?: unknown; request?: unknown; response?: unknown };
  // Axios wraps what the query serializer throws.
  if (cause instanceof DidomiRequestError) return cause;
  if (request !== undefined && request !== null) return undefined;
  if (response !== undefined || !isMistake(error)) return undefined;
  const code = codeOf(error);
  const hint = axiosSentence(error) ?? (code === undefined ? undefined : HINTS[code]) ?? 'check its configuration';
  return new DidomiRequestError(
    `${method} ${path} cannot be sent as it is${code === undefined ? '' : ` (${code})`}: ${hint}`,
  );
}

/** What Axios says of a failure, if that is its own sentence and holds no value. */
export function axiosSentence(error: unknown): string | undefined {
  if (!isAxiosError(error) || error.cause !== undefined) return undefined;
  return PLAIN_SENTENCE.test(error.message) ? error.message : undefined;
}
