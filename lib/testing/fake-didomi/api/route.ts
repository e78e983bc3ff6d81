import { STATUS_CODES } from 'node:http';

/** An HTTP answer before it is written: a string body is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where Didomi's `name` is not the reason phrase in one word. */
const NAMES: Readonly<Record<number, string>> = {
  401: 'NotAuthenticated',
  422: 'Unprocessable',
  500: 'GeneralError',
  503: 'Unavailable',
};

/** What is wrong with a field of a request; never holds the value, which may be a secret. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export function success(body: unknown): Answer {
  return { status: 200, body };
}

/** Didomi's error envelope. */
export function failure(
  status: number,
  message = STATUS_CODES[status] ?? 'Error',
  errors: readonly FieldError[] | object = {},
): Answer {
  const name = NAMES[status] ?? STATUS_CODES[status]?.replaceAll(/\W/g, '') ?? 'Error';
  return { status, body: { code: status, name, message, errors } };
}

/** An authenticated request, as a route sees it. */
export interface Call {
  /** Path without `/v1` and without the query. */
  readonly path: string;
  /** The last segment of the path, decoded, where the route has an `{id}`; else empty. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The organization that owns the API key. */
  readonly organizationId: string;
}

/** Answers a call, or throws a {@link Refusal}. */
export type Handler = (call: Call) => Answer;

/** A method and a path, such as `GET /keys/{id}`, and what answers there. */
export type Route = readonly [methodAndPath: string, handler: Handler];

/** Thrown by a route, however deep in it, to answer the request with an error. */
export class Refusal extends Error {
  readonly answer: Answer;
  /** Empty if the error is not about fields. */
  readonly fieldErrors: readonly FieldError[];

  private constructor(message: string, answer: Answer, fieldErrors: readonly FieldError[] = []) {
    super(message);
    this.answer = answer;
    this.fieldErrors = fieldErrors;
  }

  static of(status: number, message?: string, headers?: Answer['headers']): Refusal {
    return new Refusal(message ?? `Status ${status}`, { ...failure(status, message), headers });
  }

  static field(field: string, message: string): Refusal {
    return Refusal.fields([{ field, message }]);
  }

  static fields(errors: readonly FieldError[]): Refusal {
    const details = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    const names = [...new Set(errors.map(({ field }) => field))].join(', ');
    return new Refusal(details, failure(400, `Invalid request: ${names}`, errors), errors);
  }
}

export function withoutVersion(path: string): string {
  return path.startsWith('/v1/') ? path.slice('/v1'.length) : path;
}

export function isTokenRequest({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && withoutVersion(path) === '/sessions';
}
