import { codeOf, isSystemCode } from '../../connection/error-code.js';
import type { Pauses } from '../pauses.js';
import type { SharingLog } from './sharing.log.js';

/** The longest that a token request waits for store and lock together, and so for each of them. */
export const PATIENCE_MS = 1_000;
/** The longest wait for one that has failed last time, so that an outage does not cost each token request a second. */
const PATIENCE_WHILE_DOWN_MS = 100;

/**
 * The store or the lock of the application, which may hang, fail or lie. What is asked of it is bounded, and its errors go no
 * further. The log gets one line when it fails, and one when it works again.
 */
export class ForeignPart {
  /** A store may answer and refuse to be written to. It works again once it does all that it has failed at. */
  readonly #failing = new Set<string>();

  constructor(
    private readonly option: 'tokenStore' | 'exclusive',
    private readonly pauses: Pauses,
    private readonly log: SharingLog,
  ) {}

  get patienceMs(): number {
    return this.#failing.size > 0 ? PATIENCE_WHILE_DOWN_MS : PATIENCE_MS;
  }

  /**
   * What the call brings; undefined if it fails, or does not end in time. Never rejects.
   *
   * @param task what is asked, as the log names it.
   */
  async ask<T>(
    task: string,
    call: () => T | PromiseLike<T>,
    limitMs: number,
  ): Promise<{ readonly value: T } | undefined> {
    const patienceMs = Math.min(limitMs, this.patienceMs);
    const pause = this.pauses.start(patienceMs, false);
    const end = await Promise.race([settled(call), pause.ended]);
    pause.end();
    if (end === undefined) this.failed(task, `did not answer within ${Math.round(patienceMs)} ms`);
    else if ('error' in end) this.failedWith(task, end.error);
    else {
      this.works(task);
      return end;
    }
    return undefined;
  }

  works(task: string): void {
    if (!this.#failing.delete(task) || this.#failing.size > 0) return;
    this.log.sharingRestored(`${this.option} works again`);
  }

  failed(task: string, how: string): void {
    // A wait that the shutdown has ended says nothing.
    if (this.pauses.areOver) return;
    const isNew = this.#failing.size === 0;
    this.#failing.add(task);
    if (isNew) this.log.sharingFailed(`${task} ${how}. Until it works again, token requests are sent without it`);
  }

  /** Nothing of the error but its code is repeated: its message may hold the password of a database. */
  failedWith(task: string, error: unknown): void {
    const code = codeOf(error);
    this.failed(task, isSystemCode(code) ? `failed (${code})` : 'failed');
  }
}

async function settled<T>(
  call: () => T | PromiseLike<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}
