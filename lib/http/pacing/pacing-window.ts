import { readRateLimit, readWindowMs, type DidomiRateLimit } from '../../headers/rate-limit.js';

/** What the window notes on each request that counts. */
export interface CountedRequest {
  /** When it was let pass, in milliseconds since the epoch. */
  enteredAt: number;
  /** The number of the last window that it may have been counted in. */
  lastWindow: number;
  /** How many requests had ended without a word about the limit by then. */
  silentBefore: number;
}

/** The wire knows whole seconds, rounded up. */
const WIRE_UNIT_MS = 1_000;
/** Didomi may count what is sent so shortly before the window's end in the next one: the rounding, and the way there. */
const LATE_MS = 2_000;
/** An absurd `Retry-After` must not stop the client for days. */
const MAX_HOLD_MS = 3_600_000;
/** After so many windows with answers of which none tells a limit, there is none any more. */
const SILENT_WINDOWS = 3;
/** For so many windows after a 429, other processes are expected to want their part. */
const SHARED_WINDOWS = 3;
/** The rest of its part is left to processes that had none yet. */
const SHARE_OF_PART = 0.9;
/** From this part of a window on, whoever has not used its share is not expected to. */
const SHARES_PART = 0.5;

/**
 * Counts requests against the rate limit: how many more may be sent in the current window. The answers tell how many were
 * used, by every process of the organization; what is in flight may be missing from that and is added.
 *
 * After a 429, processes that share the limit must not all send at once again when it resets. Each of them knows how much it
 * got itself, and how much was used in all. In the next windows it begins with as much as it got, leaves the others time
 * for the same, and then takes what they have left in small steps. A process alone sees nothing used by others and has it all.
 *
 * Moments are in milliseconds since the epoch. `advanceTo()` comes before anything else at a new one while `isLimited`, and
 * before an answer that tells a limit.
 */
export class PacingWindow {
  #told: DidomiRateLimit | undefined;
  #limit = Infinity;
  #lengthMs = WIRE_UNIT_MS;

  #number = 0;
  /** Infinity while nothing was sent: a window begins with its first request. */
  #endsAt = Infinity;
  /** Whether an answer told the end. Otherwise it is a guess by the length. */
  #isConfirmed = false;
  #previousEnd = 0;
  #heldUntil = 0;
  #lastNow = 0;

  /** The most that an answer of this window has told. */
  #used = 0;
  #inFlight = 0;
  /** Those in flight that may count in the next window as well. */
  #inFlightLate = 0;
  /** Requests that ended without a word about the limit, and how many of them were counted in `#used` or a window before. */
  #silent = 0;
  #silentSettled = 0;
  #hasSilentAnswer = false;
  #silentWindows = 0;

  /** Requests that this window may have counted, without those answered 429. */
  #sent = 0;
  /** How many requests of others this window has counted at least. */
  #others = 0;
  /** How many requests may be sent at once when a window begins that is shared. */
  #share = Infinity;
  #sharedUntil = 0;

  /** As last told; its end may be over. */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#told;
  }

  /** Whether there may be something to wait for. */
  get isLimited(): boolean {
    return this.#limit !== Infinity || this.#heldUntil > this.#lastNow;
  }

  advanceTo(now: number): void {
    // The clock was set back: what was still to wait is still to wait, and no more.
    if (now < this.#lastNow) this.#shift(now - this.#lastNow);
    this.#lastNow = now;
    if (now >= this.#endsAt) this.#begin(this.#endsAt);
  }

  /** How many requests may be sent now; Infinity if no limit is known. */
  get room(): number {
    return this.#lastNow < this.#heldUntil ? 0 : Math.max(0, Math.min(this.#left, this.#allowance));
  }

  /** Since when or from when on a request may be sent. */
  get opensAt(): number {
    if (this.#left <= 0) return Math.max(this.#endsAt, this.#heldUntil);
    const isShareUsed = this.#areSharesKept && this.#allowance <= 0;
    return isShareUsed ? Math.min(this.#endsAt, this.#sharesEndAt) : this.#heldUntil;
  }

  /** When there may be room again without an answer; as far as there is none now. */
  get turnsAt(): number {
    return this.opensInMs > 0 ? this.opensAt : this.#endsAt;
  }

  /** Milliseconds until a request may be sent; 0 if one may now. */
  get opensInMs(): number {
    return Math.max(0, this.opensAt - this.#lastNow);
  }

  /** Milliseconds until a request may be sent after so many others, if nobody else sends any. */
  waitMs(ahead: number): number {
    const { room } = this;
    if (ahead < room) return 0;
    if (this.#limit === Infinity) return this.opensInMs;
    const untilNextMs = room === 0 ? this.opensInMs : Math.min(this.#endsAt - this.#lastNow, this.#lengthMs);
    return untilNextMs + Math.floor((ahead - room) / this.#limit) * this.#lengthMs;
  }

  /** Whether what is sent now is likely to be answered 429, because others may take the same room. */
  get isRisky(): boolean {
    return this.#isShared && (this.#share === 1 || !this.#areSharesKept);
  }

  /** A request is being sent. */
  enter(request: CountedRequest): void {
    const now = this.#lastNow;
    if (this.#endsAt === Infinity && this.#limit !== Infinity) this.#endsAt = now + this.#lengthMs;
    const isLate = this.#endsAt - now < LATE_MS;
    request.enteredAt = now;
    request.lastWindow = isLate ? this.#number + 1 : this.#number;
    request.silentBefore = this.#silent;
    this.#inFlight += 1;
    this.#sent += 1;
    if (isLate) this.#inFlightLate += 1;
  }

  /** @param headers of the answer; absent if none came. */
  leave(request: CountedRequest, headers: Readonly<Record<string, unknown>> | undefined): void {
    const mayCount = request.lastWindow >= this.#number;
    if (mayCount) this.#inFlight -= 1;
    if (request.lastWindow > this.#number) this.#inFlightLate -= 1;
    const told = headers && readRateLimit(headers, this.#lastNow);
    if (told) this.#take(request, told, headers);
    else if (mayCount) {
      this.#silent += 1;
      this.#hasSilentAnswer ||= headers !== undefined;
    }
  }

  /** A request was answered 429: nothing remains for so many milliseconds. */
  hold(ms: number): void {
    this.#sent = Math.max(0, this.#sent - 1);
    this.#noteOthers();
    if (!(ms > 0)) return;
    this.#heldUntil = Math.max(this.#heldUntil, this.#lastNow + Math.min(ms, MAX_HOLD_MS));
    this.#sharedUntil = this.#heldUntil + SHARED_WINDOWS * this.#lengthMs;
    const told = this.#told;
    if (told) this.#told = { limit: told.limit, remaining: 0, resetAt: Math.max(told.resetAt, this.#heldUntil) };
  }

  get #left(): number {
    return this.#limit - this.#used - (this.#silent - this.#silentSettled) - this.#inFlight;
  }

  /** How many requests may be sent for the sake of others. */
  get #allowance(): number {
    if (!this.#isShared) return Infinity;
    if (this.#areSharesKept) return this.#share - this.#sent;
    // The same part of what is left, and without an answer nobody knows how much that is.
    const unused = this.#isConfirmed ? this.#left + this.#inFlight : 0;
    return Math.max(1, Math.floor((unused * this.#share) / this.#limit)) - this.#inFlight;
  }

  get #isShared(): boolean {
    return this.#share < this.#limit && this.#lastNow < this.#sharedUntil;
  }

  get #areSharesKept(): boolean {
    return this.#lastNow < this.#sharesEndAt;
  }

  /** Counted from the moment that was waited for: others may have waited up to a second less, or more. */
  get #sharesEndAt(): number {
    return Math.max(this.#previousEnd, this.#heldUntil) + SHARES_PART * this.#lengthMs;
  }

  #noteOthers(): void {
    this.#others = Math.max(this.#others, this.#used - this.#sent);
  }

  /** Answers arrive out of order, and may have been under way for long: the end they tell says which window they mean. */
  #take(request: CountedRequest, told: DidomiRateLimit, headers: Readonly<Record<string, unknown>>): void {
    const now = this.#lastNow;
    const resetMs = told.resetAt - now;
    const endsAfter = request.enteredAt + Math.max(0, resetMs - WIRE_UNIT_MS);
    if (endsAfter < this.#previousEnd) return;
    if (this.#isConfirmed && endsAfter >= this.#endsAt) this.#begin(now);

    const endsAt = now + Math.max(resetMs, WIRE_UNIT_MS);
    this.#limit = told.limit;
    this.#used = Math.max(this.#used, told.limit - told.remaining);
    this.#noteOthers();
    this.#silentSettled = Math.max(this.#silentSettled, request.silentBefore);
    if (this.#isConfirmed) this.#endsAt = Math.min(this.#endsAt, endsAt);
    else {
      this.#isConfirmed = true;
      this.#endsAt = endsAt;
      this.#lengthMs = Math.max(readWindowMs(headers, told.limit) ?? this.#lengthMs, endsAt - now);
    }
    this.#told = { limit: told.limit, remaining: Math.max(0, told.limit - this.#used), resetAt: this.#endsAt };
  }

  #begin(previousEnd: number): void {
    if (this.#isConfirmed) this.#silentWindows = 0;
    else if (this.#hasSilentAnswer) this.#silentWindows += 1;
    if (this.#silentWindows === SILENT_WINDOWS) {
      this.#silentWindows = 0;
      this.#limit = Infinity;
      this.#told = undefined;
    }
    const part = this.#others > 0 ? (SHARE_OF_PART * this.#sent) / (this.#sent + this.#others) : 1;
    this.#share = Math.max(1, Math.floor(part * this.#limit));
    this.#number += 1;
    this.#used = 0;
    this.#others = 0;
    this.#sent = this.#inFlightLate;
    this.#inFlight = this.#inFlightLate;
    this.#inFlightLate = 0;
    this.#silentSettled = this.#silent;
    this.#hasSilentAnswer = false;
    this.#isConfirmed = false;
    this.#previousEnd = previousEnd;
    const isBegun = this.#inFlight > 0 && this.#limit !== Infinity;
    this.#endsAt = isBegun ? this.#lastNow + this.#lengthMs : Infinity;
  }

  #shift(byMs: number): void {
    this.#endsAt += byMs;
    this.#previousEnd += byMs;
    this.#heldUntil += byMs;
    this.#sharedUntil += byMs;
  }
}
