import { DidomiError } from './didomi.error.js';

/**
 * Why no answer came, or none that could be read to its end:
 *
 * - `timeout`: none came in time.
 * - `reset`: the connection broke.
 * - `refused`: nobody listens there, or no route leads there.
 * - `dns`: the host name could not be resolved.
 * - `tls`: no secure connection could be made.
 * - `aborted`: the caller gave up. `axios.isCancel(error)` is true for it, as for Axios' own cancellations.
 * - `unknown`: something else; `systemCode` may tell.
 *
 * @publicApi
 */
export type DidomiTransportReason = 'timeout' | 'reset' | 'refused' | 'dns' | 'tls' | 'aborted' | 'unknown';

/** The facts of a {@link DidomiTransportError}: what its constructor takes, and no name of the public API. */
export interface DidomiTransportFacts {
  readonly reason: DidomiTransportReason;
  readonly method: string;
  readonly path: string;
  readonly attempts: number;
  readonly message: string;
  readonly systemCode?: string | undefined;
}

/**
 * No answer came from Didomi. Whether it has done what was asked is not known.
 *
 * @publicApi
 */
export class DidomiTransportError extends DidomiError {
  override readonly name = 'DidomiTransportError';
  readonly code = 'DIDOMI_TRANSPORT';

  /** Why no answer came. */
  readonly reason: DidomiTransportReason;

  /** HTTP method of the request, in capitals. */
  readonly method: string;

  /** Path of the request, without the query, which may hold personal data. */
  readonly path: string;

  /** How many times the request was sent, replays and retries included. */
  readonly attempts: number;

  /** The code of the underlying error, such as `ECONNRESET`; absent if there is none. */
  declare readonly systemCode?: string;

  constructor(facts: DidomiTransportFacts) {
    super(facts.message);
    this.reason = facts.reason;
    this.method = facts.method;
    this.path = facts.path;
    this.attempts = facts.attempts;
    if (facts.systemCode !== undefined) this.systemCode = facts.systemCode;
    // The mark by which Axios recognises cancellations; hidden, so that it is not printed with the facts.
    if (facts.reason === 'aborted') Object.defineProperty(this, '__CANCEL__', { value: true });
  }
}
