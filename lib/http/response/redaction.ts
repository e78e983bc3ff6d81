const REDACTED = '[redacted]';
/** A shorter beginning of the access token at the end of a text is chance, or no secret. */
const MIN_PREFIX_LENGTH = 12;

/**
 * Takes the access token out of a text that came from outside, in every form that JSON can write it, also where the text is cut
 * off in the middle of it.
 */
export function redact(text: string, accessToken: string): string {
  if (accessToken === '' || text.length < MIN_PREFIX_LENGTH) return text;
  const plain = text.replaceAll(accessToken, REDACTED);
  // Every other form has escapes in it.
  const result = plain.includes('\\') ? plain.replace(escapedForms(accessToken), REDACTED) : plain;
  return withoutPrefixAtEnd(result, accessToken);
}

/** The headers of a response, without the access token in values that echo it. Nearly always the very same object. */
export function redactHeaders(headers: Record<string, unknown>, accessToken: string): void {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') {
      if (value.length >= accessToken.length && value.includes(accessToken)) headers[name] = redact(value, accessToken);
    } else if (Array.isArray(value)) {
      headers[name] = value.map((item: unknown) => (typeof item === 'string' ? redact(item, accessToken) : item));
    }
  }
}

/** JSON may write any character as `\u0041`, and a slash as `\/`; JSON inside of JSON doubles the backslashes. */
function escapedForms(accessToken: string): RegExp {
  const characters = Array.from(accessToken, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    const itself = character === '/' ? '\\\\*/' : character.replace(/[^\w]/, '\\$&');
    return `(?:${itself}|\\\\+u${code})`;
  });
  return new RegExp(characters.join(''), 'gi');
}

function withoutPrefixAtEnd(text: string, accessToken: string): string {
  const start = text.lastIndexOf(accessToken.slice(0, MIN_PREFIX_LENGTH));
  return start >= 0 && accessToken.startsWith(text.slice(start)) ? text.slice(0, start) + REDACTED : text;
}
