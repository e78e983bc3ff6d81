/** Characters a bearer may consist of (RFC 6750, section 2.1): anything else would break the header. */
const BEARER = /^[\w\-.~+/]+=*$/;

/** The body as a JSON object, parsed already or not; undefined if it is none. */
export function readJsonObject(body: unknown): Readonly<Record<string, unknown>> | undefined {
  const value = typeof body === 'string' ? parse(body) : body;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The usable access token of a JSON body. */
export function accessTokenOf(body: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const accessToken = body?.['access_token'];
  return isBearer(accessToken) ? accessToken : undefined;
}

/** Whether it can stand in the header of a request. */
export function isBearer(value: unknown): value is string {
  return typeof value === 'string' && BEARER.test(value);
}

/** Whether the body is Didomi's error format: `{ code, name, message, errors }` with the status as its code. */
export function isDidomiErrorBody(body: Readonly<Record<string, unknown>> | undefined, status: number): boolean {
  return body?.['code'] === status && typeof body['name'] === 'string' && typeof body['message'] === 'string';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
