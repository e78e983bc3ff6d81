import { DidomiError } from './didomi.error.js';

/**
 * Why there is no answer, or none that could be read to its end:
 *
 * - `timeout`: none came in time.
 * - `reset`: the connection broke.
 * - `refused`: no connection could be made.
 * - `dns`: the host name could not be resolved.
 * - `tls`: no secure connection could be made.
 * - `aborted`: aborted by the caller. `axios.isCancel(error)` is true, as for Axios' own cancellations.
 * - `unknown`: anything else; see `systemCode`.
 *
 * @publicApi
 */
export type DidomiTransportReason = 'timeout' | 'reset' | 'refused' | 'dns' | 'tls' | 'aborted' | 'unknown';

/** Arguments of {@link DidomiTransportError}. Not exported from the package. */
export interface DidomiTransportFacts {
  readonly reason: DidomiTransportReason;
  readonly method: string;
  readonly path: string;
  readonly attempts: number;
  readonly message: string;
  readonly host?: string | undefined;
  readonly systemCode?: string | undefined;
}

/**
 * Didomi did not answer. Whether it has done what was asked is not known.
 *
 * @publicApi
 */
export class DidomiTransportError extends DidomiError {
  override readonly name = 'DidomiTransportError';
  readonly code = 'DIDOMI_TRANSPORT';

  /** Why there is no answer. */
  readonly reason: DidomiTransportReason;

  /** HTTP method of the request, in capitals. */
  readonly method: string;

  /** Path of the request, without the query, which may hold personal data. */
  readonly path: string;

  /** How many times the request was sent, replays and retries included. */
  readonly attempts: number;

  /** Host and port of the request, such as `api.didomi.io:443`; absent if not known. */
  declare readonly host?: string;

  /** Code of the underlying error, such as `ECONNRESET`; absent if it has none. */
  declare readonly systemCode?: string;

  constructor(facts: DidomiTransportFacts) {
    super(facts.message);
    this.reason = facts.reason;
    this.method = facts.method;
    this.path = facts.path;
    this.attempts = facts.attempts;
    if (facts.host !== undefined) this.host = facts.host;
    if (facts.systemCode !== undefined) this.systemCode = facts.systemCode;
    // By this property Axios recognises cancellations; not enumerable, so that it is not printed.
    if (facts.reason === 'aborted') Object.defineProperty(this, '__CANCEL__', { value: true });
  }
}
