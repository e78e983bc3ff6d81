import { randomInt } from 'node:crypto';
import type { DidomiRefreshOptions } from './didomi-refresh-options.interface.js';
import type { OptionProblems } from './option-problems.js';
import type { OptionNames } from './own-options.js';
import type { DidomiSettings } from './resolved-didomi-options.js';

const REFRESH_OPTIONS: OptionNames<keyof DidomiRefreshOptions> = { cron: true, windowMs: true, leewayMs: true };

export function resolveRefresh(
  value: unknown,
  isCronExpression: (value: string) => boolean,
  problems: OptionProblems,
): DidomiSettings['refresh'] {
  const given = problems.group('refresh', value, REFRESH_OPTIONS);
  const windowMs = resolveSpan('windowMs', given.windowMs, 1, problems);
  const leewayMs = resolveSpan('leewayMs', given.leewayMs, 0, problems);
  if (windowMs !== undefined && leewayMs !== undefined && leewayMs >= windowMs) {
    problems.add('refresh.leewayMs', 'has to be shorter than refresh.windowMs, or calls wait for every renewal');
  }
  return { cron: resolveCron(given.cron, isCronExpression, problems), windowMs, leewayMs };
}

/** No timer runs for these spans, so they may be longer than a timer can. */
function resolveSpan(name: string, value: unknown, min: number, problems: OptionProblems): number | undefined {
  return problems.wholeNumber(`refresh.${name}`, value, min, Number.MAX_SAFE_INTEGER) ? value : undefined;
}

function resolveCron(
  value: unknown,
  isCronExpression: (value: string) => boolean,
  problems: OptionProblems,
): string | false {
  // A random second for each process: with a fixed one, all replicas would log in at the same moment.
  if (value === undefined) return `${randomInt(60)} * * * * *`;
  if (value === false) return false;
  if (typeof value === 'string' && isCronExpression(value)) return value;
  problems.add('refresh.cron', "has to be a cron expression such as '*/30 * * * * *', or false for no cron job");
  return false;
}
