/**
 * How long the kit waits, in real time. Shorter than the time limit of test runners, so that a test that forgets something gets
 * a message that says what.
 *
 * @publicApi
 */
export interface DidomiTestingOptions {
  /**
   * Longest time for which `expectOne()` waits for a request, in milliseconds.
   *
   * @default 1_000
   */
  readonly arrivalTimeoutMs?: number | undefined;
  /**
   * Longest time for which a request waits for an answer, in milliseconds. It fails then. One that the test has taken, by
   * `expectOne()` or `match()`, stays open with a warning, unless the application sent it while it answered an HTTP request.
   *
   * @default 4_000
   */
  readonly answerTimeoutMs?: number | undefined;
}
