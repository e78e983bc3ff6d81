import { Injectable } from '@nestjs/common';

/** Node.js fires longer timers at once. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * The time of the library. A provider of its own, so that a test can replace it for every client:
 * `overrideProvider(DidomiClock).useValue(clock)`.
 *
 * @publicApi
 */
@Injectable()
export class DidomiClock {
  /** The current moment, in milliseconds since the epoch. It jumps when somebody sets the clock of the machine. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds since some fixed moment of this process. Never set back, so spans are measured with it. */
  monotonic(): number {
    return performance.now();
  }

  /**
   * Calls back once, after `delayMs` milliseconds.
   *
   * @param isAwaited whether a caller waits for this call, so that the process must not end before. Otherwise the timer does not
   * keep the process alive.
   * @returns a function that cancels the call.
   */
  schedule(callback: () => void, delayMs: number, isAwaited = false): () => void {
    const timer = setTimeout(callback, delayMs);
    if (!isAwaited) timer.unref();
    return () => clearTimeout(timer);
  }

  /**
   * Keeps the process alive for a caller who waits for something that may have no handle of its own, such as `credentials()`.
   *
   * @returns a function that ends that.
   */
  keepAlive(): () => void {
    const timer = setInterval(() => undefined, MAX_TIMER_MS);
    return () => clearInterval(timer);
  }
}
