import { redact } from './redaction.js';

const MAX_MESSAGE_LENGTH = 500;

/** What Didomi says of a failure. Every part can be missing. */
export interface ErrorEnvelope {
  readonly name?: string | undefined;
  readonly message?: string | undefined;
  readonly errors?: unknown;
  /** The whole body: parsed JSON, or text. */
  readonly data: unknown;
}

/**
 * Reads Didomi's `{ code, name, message, errors }`, or what a gateway in front of it puts in its place: text, HTML, nothing.
 *
 * @param accessToken of the request: a response that echoes the request must not bring it into an error.
 */
export function readErrorEnvelope(body: unknown, accessToken: string): ErrorEnvelope {
  // Before it is parsed: the access token may stand in names as well as in values, and in JSON that is cut off.
  const text = redact(textOf(body), accessToken).trim();
  const data = parse(text);
  if (typeof data !== 'object' || data === null) return { message: plainText(text), data: text };
  const { name, message, errors } = data as Record<string, unknown>;
  return {
    name: typeof name === 'string' ? name : undefined,
    message: typeof message === 'string' ? plainText(message) : undefined,
    errors: errors ?? undefined,
    data,
  };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return new TextDecoder().decode(body);
  if (typeof body !== 'object' || body === null) return '';
  try {
    const text: string | undefined = JSON.stringify(body);
    // A toJSON() can return undefined.
    return text ?? '';
  } catch {
    return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message for people: not a page of HTML, and not longer than a line or two. */
function plainText(text: string): string | undefined {
  if (text === '' || text.startsWith('<')) return undefined;
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}
