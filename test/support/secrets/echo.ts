import type { FakeDidomiFault, FakeDidomiRequest } from '../../../lib/testing/index.js';

/** The request itself, as the error page of a careless server shows it. */
function echoOf({ headers, body }: FakeDidomiRequest) {
  const { authorization = '' } = headers;
  const accessToken = authorization.slice(7);
  return { authorization, accessToken, list: [{ [accessToken]: authorization }], body };
}

export function echoing(status: number): FakeDidomiFault {
  return (received) => {
    const errors = echoOf(received);
    return { status, body: { code: status, name: errors.accessToken, message: JSON.stringify(errors), errors } };
  };
}

export function echoingText(status: number, contentType: string): FakeDidomiFault {
  return (received) => ({
    status,
    body: `<${JSON.stringify(echoOf(received))}>`.slice(contentType === 'text/html' ? 0 : 1),
    headers: { 'Content-Type': contentType, 'X-Echo': String(received.headers.authorization) },
  });
}
