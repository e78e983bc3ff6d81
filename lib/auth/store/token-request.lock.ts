import type { DidomiClientOptions } from '../../options/didomi-options.interface.js';
import type { Pauses } from '../pauses.js';
import type { ForeignPart } from './foreign-part.js';

/** As the log names it. */
const TASK = 'exclusive()';

/** The lock of the application. Whatever it does, what it guards runs once. */
export class TokenRequestLock {
  constructor(
    private readonly exclusive: NonNullable<DidomiClientOptions['exclusive']>,
    private readonly part: ForeignPart,
    private readonly pauses: Pauses,
  ) {}

  /**
   * Runs `work` within the lock, or without it if the lock is not there in time. The lock is asked to hold until the promise of `work`
   * has settled.
   *
   * @param key names the lock.
   * @param limitMs how long to wait for it.
   */
  async run(key: string, work: (isLocked: boolean) => Promise<void>, limitMs: number): Promise<void> {
    const patienceMs = Math.min(limitMs, this.part.patienceMs);
    const pause = this.pauses.start(patienceMs, true);
    let running: Promise<void> | undefined;
    // Also for a second call, and for one that comes when nobody waits for the lock any more.
    const runOnce = (isLocked: boolean): Promise<void> => (running ??= work(isLocked));
    const attempt = this.#enter(key, () => {
      pause.end();
      return runOnce(true);
    });
    let failure: { readonly error: unknown } | undefined;
    void attempt.then(
      () => pause.end(),
      (error: unknown) => {
        failure = { error };
        pause.end();
      },
    );
    await pause.ended;
    if (running !== undefined) this.part.works(TASK);
    else if (failure !== undefined) this.part.failedWith(TASK, failure.error);
    else this.part.late(TASK, 'did not call the function it got in time', patienceMs);
    await runOnce(false);
  }

  async #enter(key: string, enter: () => Promise<void>): Promise<void> {
    await this.exclusive(enter, key);
  }
}
