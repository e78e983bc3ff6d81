import type { DidomiStub, StubAnswer } from './didomi-stub.js';

/** How a stubbed API request ends. */
export type Outcome = StubAnswer | Error;

export const OK: StubAnswer = { status: 200, data: {} };

/** A 429; with a `Retry-After` of two seconds unless the test gives headers. */
export function throttled(headers: Record<string, string> = { 'retry-after': '2' }): StubAnswer {
  return { status: 429, headers };
}

/** The headers in which Didomi tells its rate limit. The window is as long as the time to its reset. */
export function rateLimitHeaders(limit: number, remaining: number, resetSeconds: number): Record<string, string> {
  return {
    ratelimit: `limit=${limit}, remaining=${remaining}, reset=${resetSeconds}`,
    'ratelimit-policy': `${limit};w=${resetSeconds}`,
  };
}

/** Answers the next requests with these, one after the other, and all further ones with the last. */
export function answerInOrder(stub: DidomiStub, ...answers: readonly Outcome[]): void {
  let count = 0;
  stub.onApiRequest = () => answers[Math.min(count++, answers.length - 1)]!;
}

/** Answers 401 to every access token but this one. */
export function acceptOnly(stub: DidomiStub, accessToken: string): void {
  stub.onApiRequest = ({ headers }) => ({
    status: headers.get('Authorization') === `Bearer ${accessToken}` ? 200 : 401,
  });
}

/** Leaves the next token request unanswered until the returned function is called. */
export function holdTokenRequest(stub: DidomiStub, accessToken: string): () => void {
  let issue: () => void = () => undefined;
  stub.onTokenRequest = () =>
    new Promise((resolve) => (issue = () => resolve({ status: 200, data: { access_token: accessToken } })));
  return () => issue();
}
