import { Logger } from '@nestjs/common';
import type { ApiRequest } from './api-request.js';

/** At most one line in so many milliseconds says that requests wait: thousands may wait at once. */
const WAITING_LINE_EVERY_MS = 1_000;

/** Tells for debugging what a request does beside being sent once: retries, replays and waits. */
export class RequestLog {
  readonly #logger: Logger;
  #lastWaitingLineAt = -Infinity;

  constructor(clientName: string | undefined) {
    this.#logger = new Logger(clientName === undefined ? 'Didomi' : `Didomi:${clientName}`);
  }

  debug({ description }: ApiRequest, what: string): void {
    try {
      this.#logger.debug(`${description.method} ${description.path} ${what}`);
    } catch {
      // The logger is the application's. Its failure is none of the request.
    }
  }

  /** @param at a moment of the monotonic clock. */
  waiting(request: ApiRequest, at: number): void {
    if (at - this.#lastWaitingLineAt < WAITING_LINE_EVERY_MS) return;
    this.#lastWaitingLineAt = at;
    this.debug(request, 'waits for its turn (rate limit or connections in use); others may wait behind it');
  }
}
