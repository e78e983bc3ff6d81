import type { DidomiCredentials } from '../options/didomi-options.interface.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import type { DidomiClock } from './didomi.clock.js';
import type { SessionsClient } from './sessions.client.js';
import { CLOSED_FAILURE, TokenRequestFailure } from './token-request-failure.js';

/** An access token as Didomi has just issued it. */
export interface IssuedAccessToken {
  readonly value: string;
  /** When its token request was sent. */
  readonly sentAt: number;
}

/** How one attempt to get an access token ended. */
export interface TokenRequestOutcome {
  readonly result: IssuedAccessToken | TokenRequestFailure;
  /** When the token request was sent; absent if none was. */
  readonly sentAt: number | undefined;
}

/**
 * One attempt at a time to get an access token, within its deadline: credentials first, then the token request. Resolves in
 * every case.
 */
export class TokenRequester {
  #isClosed = false;
  #sent = 0;
  #underWay: AbortController | undefined;
  #rejection: { readonly credentials: DidomiCredentials; readonly failure: TokenRequestFailure } | undefined;

  constructor(
    private readonly options: ResolvedDidomiOptions,
    private readonly sessions: SessionsClient,
    private readonly clock: DidomiClock,
  ) {}

  /** How many token requests were sent. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * @param onlyIfChanged send nothing if the credentials are still the ones that Didomi has rejected.
   */
  async request(onlyIfChanged: boolean): Promise<TokenRequestOutcome> {
    const abort = new AbortController();
    this.#underWay = abort;
    const cancelDeadline = this.clock.schedule(() => abort.abort(), this.options.settings.tokenRequestTimeoutMs);
    const attempt: { sentAt?: number } = {};
    try {
      const result = await Promise.race([
        this.#attempt(onlyIfChanged, abort.signal, attempt),
        this.#aborted(abort.signal),
      ]);
      return { result, sentAt: attempt.sentAt };
    } finally {
      cancelDeadline();
    }
  }

  /** Aborts what is under way and closes the connections. */
  close(): void {
    this.#isClosed = true;
    this.#underWay?.abort();
    this.sessions.close();
  }

  async #attempt(
    onlyIfChanged: boolean,
    signal: AbortSignal,
    attempt: { sentAt?: number },
  ): Promise<IssuedAccessToken | TokenRequestFailure> {
    const credentials = await this.#readCredentials();
    if (credentials instanceof TokenRequestFailure) return credentials;
    if (onlyIfChanged && this.#rejection !== undefined && isSame(credentials, this.#rejection.credentials)) {
      return this.#rejection.failure;
    }
    // Credentials that arrive after the deadline are not sent: nobody waits for the answer.
    if (signal.aborted) return this.#abortFailure();
    const sentAt = this.clock.now();
    attempt.sentAt = sentAt;
    this.#sent += 1;
    const answer = await this.sessions.createSession(credentials, signal);
    if (typeof answer === 'string') return { value: answer, sentAt };
    if (answer.reason === 'rejected') this.#rejection = { credentials, failure: answer };
    return answer;
  }

  async #readCredentials(): Promise<DidomiCredentials | TokenRequestFailure> {
    try {
      const { apiKey, apiSecret } = ((await this.options.readCredentials()) ?? {}) as Partial<DidomiCredentials>;
      if (typeof apiKey === 'string' && apiKey !== '' && typeof apiSecret === 'string' && apiSecret !== '') {
        return { apiKey, apiSecret };
      }
    } catch {
      return new TokenRequestFailure(
        'unavailable',
        'credentials() failed. Its error may hold a secret and is not repeated here: log it inside the function',
      );
    }
    return new TokenRequestFailure(
      'misconfigured',
      'credentials() has to return { apiKey, apiSecret }, two strings that are not empty',
    );
  }

  #aborted(signal: AbortSignal): Promise<TokenRequestFailure> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(this.#abortFailure()), { once: true });
    });
  }

  #abortFailure(): TokenRequestFailure {
    if (this.#isClosed) return CLOSED_FAILURE;
    const { tokenRequestTimeoutMs } = this.options.settings;
    return new TokenRequestFailure(
      'unavailable',
      `Didomi did not answer a token request within ${tokenRequestTimeoutMs} ms (tokenRequestTimeoutMs)`,
    );
  }
}

function isSame(credentials: DidomiCredentials, other: DidomiCredentials): boolean {
  return credentials.apiKey === other.apiKey && credentials.apiSecret === other.apiSecret;
}
