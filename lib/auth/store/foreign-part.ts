import { codeOf, isSystemCode } from '../../connection/error-code.js';
import type { Outage } from '../../options/resolve-sharing.js';
import type { Pauses } from '../pauses.js';
import type { SharingLog } from './sharing.log.js';

/** The longest that a token request waits for store and lock together, and so for each of them. */
export const PATIENCE_MS = 1_000;
/** The longest wait for one that has failed last time, so that an outage does not cost each token request a second. */
const PATIENCE_WHILE_DOWN_MS = 100;

/** As the log names it. */
type Task = 'tokenStore.get()' | 'tokenStore.set()' | 'exclusive()';

/**
 * The store or the lock of the application, which may hang, fail or lie. What is asked of it is bounded, and its errors go no
 * further. The log gets one line when it fails, and one when it works again.
 */
export class ForeignPart {
  /** What it failed at for this client. */
  #failing: Task | undefined;

  /** @param outage shared by all clients that ask this store. It may work for some of them only. */
  constructor(
    private readonly option: 'tokenStore' | 'exclusive',
    private readonly outage: Outage,
    private readonly pauses: Pauses,
    private readonly log: SharingLog,
  ) {}

  get patienceMs(): number {
    return this.#failing !== undefined ? PATIENCE_WHILE_DOWN_MS : PATIENCE_MS;
  }

  /**
   * What the call brings; undefined if it fails, or does not end in time. Never rejects.
   */
  async ask<T>(
    task: Task,
    call: () => T | PromiseLike<T>,
    limitMs: number,
  ): Promise<{ readonly value: T } | undefined> {
    const patienceMs = Math.min(limitMs, this.patienceMs);
    const pause = this.pauses.start(patienceMs, true);
    const end = await Promise.race([settled(call), pause.ended]);
    pause.end();
    if (end === undefined) this.late(task, `did not answer within ${Math.round(patienceMs)} ms`, patienceMs);
    else if ('error' in end) this.failedWith(task, end.error);
    else {
      this.works(task);
      return end;
    }
    return undefined;
  }

  works(task: Task): void {
    if (task === this.#failing) this.#failing = undefined;
    if (task !== this.outage.failing) return;
    this.outage.failing = undefined;
    this.log.sharingRestored(`${this.option} works again`);
  }

  /** Only what had its time has failed: another part may have used up most of it. */
  late(task: Task, how: string, patienceMs: number): void {
    if (patienceMs >= PATIENCE_WHILE_DOWN_MS) this.failed(task, how);
  }

  failed(task: Task, how: string): void {
    // A wait that the shutdown has ended says nothing.
    if (this.pauses.areOver) return;
    const isFirst = this.#failing === undefined;
    this.#failing = graver(this.#failing, task);
    if (this.outage.failing !== undefined) this.outage.failing = graver(this.outage.failing, task);
    else if (isFirst) {
      this.outage.failing = task;
      this.log.sharingFailed(`${task} ${how}. Until it works again, token requests are sent without it`);
    }
  }

  /** Nothing of the error but its code is repeated: its message may hold the password of a database. */
  failedWith(task: Task, error: unknown): void {
    const code = codeOf(error);
    this.failed(task, isSystemCode(code) ? `failed (${code})` : 'failed');
  }
}

/** A store that can be read may still refuse to be written to; one that cannot be read does neither. */
function graver<T extends string>(known: T | undefined, task: T): T {
  return known === undefined || task !== 'tokenStore.set()' ? task : known;
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
