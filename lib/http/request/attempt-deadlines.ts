import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { ApiRequest } from './api-request.js';

/** Node.js fires longer timers at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** An attempt was not answered in time, or a streamed body fell silent. Has the code of Node.js for it. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly code = 'ETIMEDOUT';
}

/**
 * The deadlines of all attempts in flight, with one timer: a timer for each request costs more than all else that a request costs
 * here.
 */
export class AttemptDeadlines {
  #timerAt = Infinity;
  #stopTimer: (() => void) | undefined;

  /** @param open the requests of the client, in flight or not. */
  constructor(
    private readonly clock: DidomiClock,
    private readonly open: ReadonlySet<ApiRequest>,
  ) {}

  start(request: ApiRequest): void {
    const { timeoutMs } = request;
    if (timeoutMs <= 0) return;
    request.deadline = this.clock.monotonic() + timeoutMs;
    if (request.deadline < this.#timerAt) this.#setTimer(request.deadline, timeoutMs);
  }

  stop(request: ApiRequest): void {
    request.deadline = Infinity;
  }

  close(): void {
    this.#stopTimer?.();
  }

  #setTimer(deadline: number, ms: number): void {
    this.#stopTimer?.();
    this.#timerAt = deadline;
    this.#stopTimer = this.clock.schedule(this.#check, Math.min(Math.ceil(ms), MAX_TIMER_MS));
  }

  readonly #check = (): void => {
    const now = this.clock.monotonic();
    let next = Infinity;
    for (const { abort, deadline } of this.open) {
      if (deadline <= now) abort.abort('deadline');
      else next = Math.min(next, deadline);
    }
    this.#timerAt = Infinity;
    if (next !== Infinity) this.#setTimer(next, next - now);
  };
}
