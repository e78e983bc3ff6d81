import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { OptionProblems } from './option-problems.js';

const SET_BY_LIBRARY = 'is set by the library: remove it';
const SET_PER_REQUEST = 'is set for each request: remove it';
const SET_BY_AGENT = 'belongs to the connection: remove it, and configure axios.httpsAgent instead';

/** Headers that cannot be the same for every request, or would change who receives it. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['authorization', SET_BY_LIBRARY],
  // Another virtual host behind the same address would receive the API secret.
  ['host', 'is taken from baseURL: remove it'],
  ['content-length', SET_PER_REQUEST],
  ['transfer-encoding', SET_PER_REQUEST],
  ['trailer', SET_PER_REQUEST],
  ['expect', SET_PER_REQUEST],
  ['connection', SET_BY_AGENT],
  ['keep-alive', SET_BY_AGENT],
  ['te', SET_BY_AGENT],
  ['upgrade', SET_BY_AGENT],
  // Inside of a tunnel Didomi would receive them, not the proxy.
  ['proxy-authorization', 'would be sent to Didomi: remove it, and set axios.proxy.auth instead'],
  ['proxy-connection', SET_BY_AGENT],
]);

/** Reports headers that must not be set for all requests, or that HTTP cannot transmit. */
export function checkHeaders(headers: Readonly<Record<string, unknown>>, problems: OptionProblems): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isValid(() => validateHeaderName(name))) {
      problems.add('axios.headers', 'has a name with characters that a header name cannot have');
      continue;
    }
    const option = `axios.headers.${name}`;
    const problem = REFUSED.get(name.toLowerCase());
    if (problem !== undefined) problems.add(option, problem);
    else if (typeof value !== 'string') problems.add(option, 'has to be a string');
    else if (!isValid(() => validateHeaderValue(name, value))) {
      problems.add(option, 'has characters that a header cannot have, such as a line break');
    }
  }
}

function isValid(validate: () => void): boolean {
  try {
    validate();
    return true;
  } catch {
    return false;
  }
}
