import { AxiosHeaders } from 'axios';

const REDACTED = '[redacted]';
/** A shorter beginning of the access token at the end of a text is chance, or no secret. */
const MIN_PREFIX_LENGTH = 12;
/** So many characters of a header that is cut off give too much of the access token away. */
const MIN_HEADER_LENGTH = 48;
/** JSON inside of JSON doubles the backslashes: enough for four levels. A bound, since the server chooses the text. */
const BACKSLASHES = '\\\\{1,15}';
const JSON_ESCAPE = new RegExp(`${BACKSLASHES}(?:u([\\da-f]{4})|(?=/))`, 'gi');
const ESCAPE_CUT_OFF = new RegExp(`${BACKSLASHES}(?:u[\\da-f]{0,3})?$`, 'i');

/**
 * Takes the access token out of a text that came from outside, in every form that JSON or a URL can write it, also where the text
 * is cut off in the middle of it.
 */
export function redact(text: string, accessToken: string): string {
  if (accessToken === '' || text.length < Math.min(MIN_PREFIX_LENGTH, accessToken.length)) return text;
  const plain = text.replaceAll(accessToken, REDACTED);
  // Every other form has escapes in it.
  const hasEscapes = plain.includes('\\') || plain.includes('%');
  const result = hasEscapes ? plain.replace(formsOf(accessToken), REDACTED) : plain;
  return withoutPrefixAtEnd(result, accessToken, hasEscapes);
}

/** The headers of a response, without the access token in values that echo it: nearly always the very same object. */
export function redactedHeaders<T extends object>(headers: T, accessToken: string): T {
  const minLength = Math.min(accessToken.length, MIN_HEADER_LENGTH);
  let result = headers;
  for (const name of Object.keys(headers)) {
    const value = (headers as Record<string, unknown>)[name];
    if (typeof value === 'string' && value.length < minLength) continue;
    const redacted = redactedValue(value, accessToken);
    if (redacted === value) continue;
    // They may be frozen, or shared by a cache of the application.
    if (result === headers)
      result = Object.assign<object, T>(headers instanceof AxiosHeaders ? new AxiosHeaders() : {}, headers);
    Object.assign(result, { [name]: redacted });
  }
  return result;
}

function redactedValue(value: unknown, accessToken: string): unknown {
  if (typeof value === 'string') return redact(value, accessToken);
  if (!Array.isArray(value)) return value;
  const items = value.map((item: unknown) => redactedValue(item, accessToken));
  return items.some((item, index) => item !== value[index]) ? items : value;
}

/** JSON may write any character as `\u0041`, and a slash as `\/`; a URL writes some as `%2F`. */
function formsOf(text: string): RegExp {
  const characters = Array.from(text, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    const forms = [`${BACKSLASHES}u${code}`];
    if (character === '/') forms.push(`${BACKSLASHES}/`);
    if (encodeURIComponent(character) !== character) forms.push(encodeURIComponent(character));
    // Last: the others begin with a character that no access token has.
    return `(?:${character.replace(/\W/, '\\$&')}|${forms.join('|')})`;
  });
  return new RegExp(characters.join(''), 'gi');
}

function withoutPrefixAtEnd(text: string, accessToken: string, hasEscapes: boolean): string {
  const prefix = accessToken.slice(0, MIN_PREFIX_LENGTH);
  const start = hasEscapes ? lastMatch(text, formsOf(prefix)) : text.lastIndexOf(prefix);
  if (start < 0) return text;
  const end = text.slice(start);
  const decoded = hasEscapes ? end.replace(ESCAPE_CUT_OFF, '').replace(JSON_ESCAPE, decodeEscape) : end;
  return accessToken.startsWith(decoded) ? text.slice(0, start) + REDACTED : text;
}

function lastMatch(text: string, pattern: RegExp): number {
  let start = -1;
  for (const { index } of text.matchAll(pattern)) start = index;
  return start;
}

function decodeEscape(_escape: string, code: string | undefined): string {
  return code === undefined ? '' : String.fromCharCode(parseInt(code, 16));
}
