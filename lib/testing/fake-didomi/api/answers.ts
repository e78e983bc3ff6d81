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
