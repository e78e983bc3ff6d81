import type { DidomiCredentials } from '../options/didomi-options.interface.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import type { AccessToken } from './access-token.js';
import { readLifetime, type AccessTokenLifetime } from './access-token.claims.js';
import type { DidomiClock } from './didomi.clock.js';
import type { DidomiTokenRequestTrace } from './didomi-token-request-trace.interface.js';
import type { SessionsClient } from './sessions.client.js';
import type { SharedAccessTokens } from './store/shared-access-tokens.js';
import { traced } from './token-request.channel.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** An access token as Didomi has just issued it. */
export interface IssuedAccessToken extends AccessTokenLifetime {
  readonly value: string;
  /** When its token request was sent, by `DidomiClock.monotonic()`. */
  readonly sentAt: number;
  /** By how much Didomi's clock is ahead of that of this machine; undefined if the answer did not tell. */
  readonly clockOffsetMs: number | undefined;
}

/** How one attempt to get an access token ended. */
export interface TokenRequestOutcome {
  /** An `AccessToken` is one of another replica. */
  readonly result: AccessToken | IssuedAccessToken | TokenRequestFailure;
  /** When the token request was sent, by `DidomiClock.monotonic()`; absent if none was. */
  readonly sentAt: number | undefined;
}

/** Why a token request is sent, and its number if it is retried. */
type AboutTokenRequest = Pick<DidomiTokenRequestTrace, 'trigger' | 'attempt'>;

interface Attempt {
  readonly about: AboutTokenRequest;
  sentAt?: number;
}

/**
 * Reads the credentials and sends one token request with them, unless another replica has an access token for them. Resolves in every case.
 */
export class TokenRequester {
  #sent = 0;
  #clockOffsetMs: number | undefined;
  #rejection: { readonly credentials: DidomiCredentials; readonly failure: TokenRequestFailure } | undefined;

  constructor(
    private readonly options: ResolvedDidomiOptions,
    private readonly sessions: SessionsClient,
    private readonly clock: DidomiClock,
    /** Undefined if access tokens are not shared. */
    private readonly shared: SharedAccessTokens | undefined,
    private readonly client: string | undefined,
  ) {}

  /** How many token requests were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** By how much the server's clock is ahead, as the last answer with an access token told it. Its `Date` has whole seconds. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /**
   * @param onlyIfChanged send nothing if the credentials are still the ones that Didomi has rejected.
   * @param isForced whether an access token of another replica will not do.
   * @param signal ends the attempt, whatever it waits for.
   * @param about what is told of the token request.
   */
  async request(
    onlyIfChanged: boolean,
    isForced: boolean,
    signal: AbortSignal,
    about: AboutTokenRequest,
  ): Promise<TokenRequestOutcome> {
    const attempt: Attempt = { about };
    const result = await Promise.race([
      this.#attempt(onlyIfChanged, isForced, signal, attempt),
      untilAborted(signal).then(() => this.#timeout(attempt.sentAt !== undefined)),
    ]);
    return { result, sentAt: attempt.sentAt };
  }

  /** Whether to look for an access token of another replica while no token request may be sent. */
  get canLook(): boolean {
    return this.shared?.canLook ?? false;
  }

  /** The access token of another replica. */
  async look(): Promise<AccessToken | undefined> {
    return await this.shared?.look();
  }

  /** Closes the connections. */
  close(): void {
    this.sessions.close();
    this.shared?.close();
  }

  async #attempt(
    onlyIfChanged: boolean,
    isForced: boolean,
    signal: AbortSignal,
    attempt: Attempt,
  ): Promise<TokenRequestOutcome['result']> {
    const credentials = await this.#readCredentials();
    if (credentials instanceof TokenRequestFailure) return credentials;
    const request = () => this.#send(credentials, onlyIfChanged, signal, attempt);
    if (this.shared === undefined) return await request();
    return await (isForced ? this.shared.request(credentials, request) : this.shared.obtain(credentials, request));
  }

  async #send(
    credentials: DidomiCredentials,
    onlyIfChanged: boolean,
    signal: AbortSignal,
    attempt: Attempt,
  ): Promise<IssuedAccessToken | TokenRequestFailure> {
    if (onlyIfChanged && this.#rejection !== undefined && isSame(credentials, this.#rejection.credentials)) {
      return this.#rejection.failure;
    }
    // Credentials that arrive after the deadline are not sent: nobody waits for the answer.
    if (signal.aborted) return this.#timeout(false);
    const sentAt = this.clock.monotonic();
    const sentDate = this.clock.now();
    attempt.sentAt = sentAt;
    this.#sent += 1;
    const trace = { ...attempt.about, client: this.client };
    const answer = await traced(trace, () => this.sessions.createSession(credentials, signal));
    if (answer instanceof TokenRequestFailure) {
      if (answer.isFinal) this.#rejection = { credentials, failure: answer };
      return answer;
    }
    const { accessToken, serverTime } = answer;
    // It was told at some moment between the sending and the answer.
    const tellingDate = (sentDate + this.clock.now()) / 2;
    const clockOffsetMs = serverTime === undefined ? undefined : Math.round(serverTime + 500 - tellingDate);
    this.#clockOffsetMs = clockOffsetMs;
    return { value: accessToken, sentAt, clockOffsetMs, ...readLifetime(accessToken, serverTime ?? sentDate) };
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

  #timeout(wasSent: boolean): TokenRequestFailure {
    const who = wasSent
      ? `${this.sessions.endpoint.host} did not answer the token request`
      : 'credentials() did not return';
    const { tokenRequestTimeoutMs } = this.options.settings;
    return new TokenRequestFailure('unavailable', `${who} within ${tokenRequestTimeoutMs} ms (tokenRequestTimeoutMs)`);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function isSame(credentials: DidomiCredentials, other: DidomiCredentials): boolean {
  return credentials.apiKey === other.apiKey && credentials.apiSecret === other.apiSecret;
}
