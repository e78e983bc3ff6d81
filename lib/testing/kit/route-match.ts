import type { DidomiTestRequest } from './didomi-test-request.js';
import { isPlainObject } from './partial-match.js';
import { decodedSegment, withoutVersion } from './sent-request.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** A method, written in any way, and something after it. A URL has no unencoded space. */
const BEGINS_WITH_METHOD = new RegExp(String.raw`^(?:${METHODS.join('|')})\s`, 'i');

const ROUTE = new RegExp(String.raw`^(${METHODS.join('|')}) (/(?!/)[^\s?#]*)$`);

const PLACEHOLDER = /\{([\w$.-]+)\}/g;

/** Routes of Didomi that a route of the same method with a parameter would match as well: `configs` is no id of a notice. */
const LITERAL_ROUTES: ReadonlySet<string> = new Set([
  'GET /dsar/requests/notes',
  'GET /metadata/purposes/restrictions',
  'GET /widgets/deployments',
  'GET /widgets/notices',
  'GET /widgets/notices/configs',
  'GET /widgets/notices/deployments',
  'GET /widgets/notices/sdk-configs',
  'GET /widgets/notices/templates',
  'GET /widgets/notices/templates/configs',
  'GET /widgets/notices/texts',
  'GET /widgets/notices/texts-contents',
]);

/** Whether the string is meant as a route: it begins with a method. */
export function isRoute(match: string): boolean {
  return BEGINS_WITH_METHOD.test(match);
}

/**
 * Reads a route and the values of its path parameters. A parameter without a value matches any segment.
 *
 * @throws TypeError for a malformed route, for a value that is neither a string nor a number, and for one of a parameter that
 * the route does not have.
 */
export function readRoute(route: string, path: object = {}): (request: DidomiTestRequest) => boolean {
  const [, method, template] = ROUTE.exec(route) ?? [];
  if (method === undefined || template === undefined) {
    throw new TypeError(
      'A route is written METHOD /path, such as GET /consents/users/{id}, without a query: use { method, url, params } for one',
    );
  }
  const names = Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const values = readValues(path, names);
  const segments = withoutVersion(template)
    .split('/')
    .map((segment) => patternOf(segment, values));
  const hasOpenParameter = names.some((name) => !values.has(name));
  return (request) => {
    const sent = request.routePath.split('/').map(decodedSegment);
    return (
      request.method === method &&
      sent.length === segments.length &&
      segments.every((segment, index) => segment.test(sent[index]!)) &&
      !(hasOpenParameter && LITERAL_ROUTES.has(`${method} ${sent.join('/')}`))
    );
  };
}

function readValues(path: object, names: readonly string[]): ReadonlyMap<string, string> {
  if (!isPlainObject(path)) throw new TypeError("path of a match has to be an object, { id: 'x' } for instance");
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(path) as [string, unknown][]) {
    if (!names.includes(name))
      throw new TypeError(`The route has no {${name}}: leave it out of path, or correct the route`);
    // A value that is undefined by mistake must not match anything.
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
      throw new TypeError(`path.${name} of a match has to be a number or a string that is not empty`);
    }
    values.set(name, String(value));
  }
  return values;
}

/** A pattern for a decoded segment. */
function patternOf(segment: string, values: ReadonlyMap<string, string>): RegExp {
  const parts = segment.split(PLACEHOLDER);
  // Names of placeholders are at the odd places.
  const sources = parts.map((part, index) => {
    if (index % 2 === 0) return escaped(decodedSegment(part));
    const value = values.get(part);
    return value === undefined ? '.+' : escaped(value);
  });
  return new RegExp(`^${sources.join('')}$`, 's');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
