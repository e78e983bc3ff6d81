import { DidomiRequestError } from '../errors/didomi-request.error.js';

const PLACEHOLDER = /\{([\w$.-]+)\}/g;
/** What may stand around the placeholders: the characters of a path, and whole percent-encodings. */
const PATH_TEXT = /^(?:[\w\-.~!$&'()*+,;=:@/]|%[\da-f]{2})*$/i;
/** What a URL parser resolves instead of sending it. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/**
 * Puts values such as ids and e-mail addresses into a path, each as one segment or part of one, whatever it holds:
 * `didomiPath('/consents/users/{id}', { id: 'a+b@x.io' })` is `/consents/users/a%2Bb%40x.io`. Written into the path
 * by hand, a value with a slash, a question mark or `../` would address something else.
 *
 * @param template a path without a query, with the names of the parameters in braces
 * @param parameters a non-empty value for each name, and no others
 * @throws DidomiRequestError for a template that is no path, for a parameter that is missing, empty, of another type or not
 * in the template, and for one that makes its segment `.` or `..`, which no URL can hold. Names the parameter, never its
 * value.
 *
 * @publicApi
 */
export function didomiPath(template: string, parameters: Readonly<Record<string, string | number>>): string {
  checkTemplate(template);
  if (typeof parameters !== 'object' || parameters === null) {
    throw new DidomiRequestError('The parameters of a path have to be an object');
  }
  for (const name of Object.keys(parameters)) {
    if (!template.includes(`{${name}}`)) {
      throw new DidomiRequestError(`The path template has no {${name}}: add it, or leave the parameter out`);
    }
  }
  return template
    .split('/')
    .map((segment) => fillSegment(segment, parameters))
    .join('/');
}

function checkTemplate(template: unknown): asserts template is string {
  if (typeof template !== 'string') throw new DidomiRequestError('The template of a path has to be a string');
  // A slash is no part of a percent-encoding, so a placeholder cannot complete one either.
  const text = template.replace(PLACEHOLDER, '/');
  const [, open] = /\{([\w$.-]*)/.exec(text) ?? [];
  if (open !== undefined) throw new DidomiRequestError(`The path template has to close the brace of {${open}}`);
  if (/[?#]/.test(text)) {
    throw new DidomiRequestError('The path template holds a query or a fragment: send a query as params');
  }
  if (!PATH_TEXT.test(text)) {
    throw new DidomiRequestError('The path template holds a character that a path cannot: percent-encode it');
  }
}

function fillSegment(segment: string, parameters: Readonly<Record<string, unknown>>): string {
  const filled = segment.replace(PLACEHOLDER, (_placeholder, name: string) =>
    encodeValue(name, Object.hasOwn(parameters, name) ? parameters[name] : undefined),
  );
  if (!DOT_SEGMENT.test(filled)) return filled;
  const names = Array.from(segment.matchAll(PLACEHOLDER), ([placeholder]) => placeholder).join('');
  throw new DidomiRequestError(
    `The path${names === '' ? ' template' : `'s ${names}`} would be a "." or ".." segment, which leads to another path`,
  );
}

function encodeValue(name: string, value: unknown): string {
  if (value === undefined) throw new DidomiRequestError(`The path parameter ${name} is missing`);
  if (value === '') throw new DidomiRequestError(`The path parameter ${name} is empty`);
  // Beyond the safe integers a number is rounded, and a rounded id is somebody else's.
  const isText = typeof value === 'string' || (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
  if (!isText) throw new DidomiRequestError(`The path parameter ${name} has to be a string or an exact number`);
  try {
    return encodeURIComponent(value);
  } catch {
    throw new DidomiRequestError(`The path parameter ${name} holds half of a surrogate pair: send whole characters`);
  }
}
