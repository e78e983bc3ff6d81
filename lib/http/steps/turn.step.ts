import type { Permit } from '../rate-limit/request-gate.js';
import type { ApiRequest } from '../request/api-request.js';
import type { Answer } from '../response/answer.js';
import type { Next, Step, StepParts } from './step.js';

/** Waits for the turn of the request: for the rate limit of the organization, and for a free connection. */
export class TurnStep implements Step {
  constructor(private readonly parts: Pick<StepParts, 'clock' | 'gate' | 'log' | 'shutdown'>) {}

  async handle(request: ApiRequest, next: Next): Promise<Answer> {
    const entry = this.parts.gate.enter(request.isCounted, request.waitLeftMs, request.abort);
    const permit = entry instanceof Promise ? await this.#wait(entry, request) : entry;
    let answer: Answer | undefined;
    try {
      answer = await next(request);
      if (answer.response !== undefined) permit.answered(answer.response.status, answer.response.headers);
      return answer;
    } finally {
      // A streamed body occupies its connection until its end.
      if (answer?.whenFree === undefined) permit.release();
      else void answer.whenFree.then(() => permit.release());
    }
  }

  async #wait(entry: Promise<Permit>, request: ApiRequest): Promise<Permit> {
    const { clock, log, shutdown } = this.parts;
    // No wait begins any more.
    if (shutdown.isStarted) {
      entry.catch(() => undefined);
      request.abort.abort('closed');
      request.abort.throwIfRequested();
    }
    const startedAt = clock.monotonic();
    log.waiting(request, startedAt);
    try {
      const permit = await request.wait(() => entry, 'turn');
      // The gate no longer follows the abort.
      if (request.abort.reason !== undefined) permit.release();
      request.abort.throwIfRequested();
      return permit;
    } finally {
      request.waitLeftMs -= clock.monotonic() - startedAt;
    }
  }
}
