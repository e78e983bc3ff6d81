import { Logger } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { CronJob } from 'cron';

/** The name of the default client's cron job in the application's `SchedulerRegistry`. */
const CRON_JOB_NAME = 'didomi-access-token';

/**
 * The cron job that renews the access token. It is listed in the application's `SchedulerRegistry` if there is one, and works
 * without. `ScheduleModule` is the application's to import: a second one would run the application's own jobs twice.
 */
export class AccessTokenCron {
  readonly #name: string;
  readonly #findRegistry: () => Promise<SchedulerRegistry | undefined>;
  #registry: SchedulerRegistry | undefined;
  #job: CronJob | undefined;
  #isStopped = false;

  /** @param findRegistry the registry of the application, undefined if it has none. Called when the job starts. */
  constructor(clientName: string | undefined, findRegistry: () => Promise<SchedulerRegistry | undefined>) {
    this.#name = clientName === undefined ? CRON_JOB_NAME : `${CRON_JOB_NAME}:${clientName}`;
    this.#findRegistry = findRegistry;
  }

  /** `cron` takes a while to load, so it is loaded here and not with the library. */
  async start(cronTime: string, onTick: () => void): Promise<void> {
    const [{ CronJob }, registry] = await Promise.all([import('cron'), this.#findRegistry()]);
    if (this.#isStopped) return;
    // Started before it is listed, so that the registry's owner cannot start it a second time; unref'd, so that it never
    // keeps the process alive.
    const job = CronJob.from({ name: this.#name, cronTime, timeZone: 'UTC', onTick, start: true, unrefTimeout: true });
    this.#job = job;
    this.#registry = registry;
    if (registry?.doesExist('cron', this.#name)) {
      new Logger('Didomi').warn(
        `Another cron job is called ${this.#name}: the one of this client stays out of the list`,
      );
    } else {
      registry?.addCronJob(this.#name, job);
    }
  }

  stop(): void {
    this.#isStopped = true;
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    void job.stop();
    const isListed = this.#registry?.getCronJobs().get(this.#name) === job;
    if (isListed) this.#registry?.deleteCronJob(this.#name);
  }
}
