import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { Pauses } from './pauses.js';
import { TokenRequestDeadline } from './token-request.deadline.js';
import { TokenRequestFailure } from './token-request-failure.js';
import type { TokenRequestGate } from './token-request.gate.js';
import type { TokenRequester, TokenRequestOutcome } from './token-requester.js';

/** The longest pause before each retry; the real one is a random length between half of it and all of it. */
const MAX_PAUSES_MS = [250, 1_000] as const;

/** How a token request and its retries ended. */
interface TokenRequestEnd {
  readonly result: TokenRequestOutcome['result'];
  /** The last one. */
  readonly attempt: TokenRequestAttempt;
}

/** Credentials that Didomi has rejected, and that are read once more. */
interface Rejection extends TokenRequestEnd {
  readonly result: TokenRequestFailure;
}

/**
 * Sends a token request and, while callers wait for it, up to two retries: one lost answer must not fail all of them. A background
 * renewal is not retried here, since the access token in use still serves; the back-off brings its next attempt.
 */
export class TokenRequestAttempts {
  #deadline: TokenRequestDeadline | undefined;

  constructor(
    readonly requester: TokenRequester,
    private readonly gate: TokenRequestGate,
    private readonly clock: DidomiClock,
    private readonly pauses: Pauses,
    private readonly listener: AccessTokenListener,
    /** Bounds all attempts and pauses together. */
    private readonly timeoutMs: number,
    /** From 0 up to 1. */
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * @param isAwaited whether callers wait for the result by now.
   * @param isForced whether an access token of another replica will not do.
   */
  async run(trigger: DidomiRefreshTrigger, isAwaited: () => boolean, isForced: boolean): Promise<TokenRequestEnd> {
    const deadline = new TokenRequestDeadline(this.clock, this.timeoutMs);
    this.#deadline = deadline;
    let rejected: Rejection | undefined;
    try {
      for (let number = 1; ; number += 1) {
        const onlyIfChanged = this.gate.needsOtherCredentials(this.clock.monotonic());
        const about = { trigger, attempt: number };
        const { result, sentAt } = await this.requester.request(onlyIfChanged, isForced, deadline.signal, about);
        const now = this.clock.monotonic();
        const attempt = { trigger, number, durationMs: sentAt === undefined ? undefined : now - sentAt };
        const readAgain = rejected?.attempt.number === number - 1 ? rejected : undefined;
        if (readAgain !== undefined) {
          // They are the same, or could not be read.
          if (sentAt === undefined && result instanceof TokenRequestFailure) return readAgain;
          this.listener.retrying(readAgain.result, readAgain.attempt, 0);
        }
        if (!(result instanceof TokenRequestFailure)) return { result, attempt };
        this.gate.failed(result, sentAt, now);
        if (rejected === undefined && sentAt !== undefined && this.#readsAgain(result, now)) {
          rejected = { result, attempt };
          continue;
        }
        const pauseMs = isAwaited() ? this.#pauseMs(result, number, deadline) : undefined;
        if (pauseMs === undefined) return { result, attempt };
        this.listener.retrying(result, attempt, pauseMs);
        await this.pauses.start(pauseMs).ended;
        if (this.pauses.areOver) return { result, attempt };
      }
    } finally {
      deadline.clear();
    }
  }

  /** Ends what is under way. */
  abort(): void {
    this.#deadline?.abort();
  }

  /** Whether to read rejected credentials once more: a key that is being rotated may have changed since they were read. */
  #readsAgain({ isFinal }: TokenRequestFailure, now: number): boolean {
    return isFinal && this.gate.allowsOtherCredentials(now) && !this.pauses.areOver;
  }

  /** The pause after this attempt, before the next; undefined if there is none. */
  #pauseMs(failure: TokenRequestFailure, attempt: number, deadline: TokenRequestDeadline): number | undefined {
    const maxPauseMs = MAX_PAUSES_MS[attempt - 1];
    if (!failure.isTransient || maxPauseMs === undefined || this.pauses.areOver) return undefined;
    const pauseMs = Math.max(maxPauseMs * (0.5 + this.random() / 2), failure.retryAfterMs ?? 0);
    const isShort = pauseMs <= maxPauseMs && pauseMs < deadline.leftMs;
    return isShort && this.gate.allowsRetry(this.clock.monotonic()) ? pauseMs : undefined;
  }
}
