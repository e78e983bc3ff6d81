import { STATUS_CODES } from 'node:http';

/** An HTTP answer before it is written: a string body goes out as it is, anything else as JSON. */
export interface FakeDidomiAnswer {
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
export interface FakeDidomiFieldError {
  readonly field: string;
  readonly message: string;
}

export function success(body: unknown): FakeDidomiAnswer {
  return { status: 200, body };
}

/** The envelope that Didomi puts around every failure. */
export function failure(
  status: number,
  message = STATUS_CODES[status] ?? 'Error',
  errors: readonly FakeDidomiFieldError[] | object = {},
): FakeDidomiAnswer {
  const name = NAMES[status] ?? STATUS_CODES[status]?.replaceAll(/\W/g, '') ?? 'Error';
  return { status, body: { code: status, name, message, errors } };
}

export function invalidFields(errors: readonly FakeDidomiFieldError[]): FakeDidomiAnswer {
  return failure(400, `Invalid request: ${[...new Set(errors.map(({ field }) => field))].join(', ')}`, errors);
}
