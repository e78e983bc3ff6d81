import { CronTime } from 'cron';

/** False also for dates that never occur, such as February 30. */
export function isCronExpression(value: string): boolean {
  try {
    // In the time zone of the process, TZ="" and others that cron does not know would look like a wrong expression.
    new CronTime(value, 'UTC').sendAt();
    return true;
  } catch {
    return false;
  }
}
