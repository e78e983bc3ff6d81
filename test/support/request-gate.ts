import type { Abortable, Permit } from '../../lib/http/rate-limit/request-gate.js';
import { RequestGate } from '../../lib/http/rate-limit/request-gate.js';
import { FakeClock } from './fake-clock.js';

export type Headers = Record<string, unknown>;

export const NOW = 1_800_000_000_000;
export const LIMIT = 50;
export const WINDOW_MS = 3_000;
/** A wait that no test reaches, unless it wants to. */
export const PATIENT_MS = 3_600_000;

/** The headers of an answer, in windows of 3 s. */
export function told(remaining: number, resetSeconds: number, limit = LIMIT): Headers {
  return {
    ratelimit: `limit=${limit}, remaining=${remaining}, reset=${resetSeconds}`,
    'ratelimit-policy': `${limit};w=${WINDOW_MS / 1_000}`,
  };
}

/** Ends a request as Axios' `CancelToken` does. */
export class TestAbort implements Abortable {
  reason: unknown;
  readonly listeners = new Set<(reason: never) => void>();

  subscribe(listener: (reason: never) => void): void {
    this.listeners.add(listener);
  }

  unsubscribe(listener: (reason: never) => void): void {
    this.listeners.delete(listener);
  }

  abort(reason: unknown): void {
    this.reason = reason;
    for (const listener of this.listeners) listener(reason as never);
  }
}

interface EnterOptions {
  readonly isCounted?: boolean;
  readonly maxWaitMs?: number;
  readonly abort?: Abortable;
}

/** A gate, and what became of the requests that a test sent through it. */
export class GateTest {
  readonly clock = new FakeClock(NOW);
  readonly gate: RequestGate;
  /** The numbers of the requests that passed. */
  readonly passed: number[] = [];
  readonly permits: Permit[] = [];
  readonly refusals: unknown[] = [];

  constructor({ maxConcurrent = Infinity, maxWaiting = 10_000 } = {}) {
    this.gate = new RequestGate(this.clock, { maxConcurrent, maxWaiting });
  }

  enter(id: number, { isCounted = true, maxWaitMs = PATIENT_MS, abort = new TestAbort() }: EnterOptions = {}): void {
    const entered = this.gate.enter(isCounted, maxWaitMs, abort);
    const pass = (permit: Permit): void => {
      this.passed.push(id);
      this.permits.push(permit);
    };
    if (entered instanceof Promise) entered.then(pass, (refusal: unknown) => this.refusals.push(refusal));
    else pass(entered);
  }

  /** One request that passes at once and is answered at once. */
  answered(headers: Headers | undefined, status = 200): void {
    const permit = this.gate.enter(true, PATIENT_MS, new TestAbort()) as Permit;
    if (headers === undefined) permit.release();
    else answer(permit, headers, status);
  }
}

export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** The connection of a request is free as soon as it is answered, unless it is a stream. */
export function answer(permit: Permit | undefined, headers: Headers, status = 200): void {
  permit?.answered(status, headers);
  permit?.release();
}
