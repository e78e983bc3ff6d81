import { Injectable } from '@nestjs/common';

/**
 * Where the library takes time from. A provider of its own, so that a test can replace it:
 * `overrideProvider(DidomiClock).useValue(clock)` reaches every client.
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
   * @param isAwaited whether a caller waits for nothing else meanwhile, so that the process must not end before. Otherwise the
   * call does not keep the process alive.
   * @returns a function that takes the call back.
   */
  schedule(callback: () => void, delayMs: number, isAwaited = false): () => void {
    const timer = setTimeout(callback, delayMs);
    if (!isAwaited) timer.unref();
    return () => clearTimeout(timer);
  }
}
