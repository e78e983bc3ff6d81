import { withoutVersion } from '../api/route.js';
import type { FakeDidomiRequest } from '../fake-didomi.types.js';
import type { Router } from './gate.js';

/** What the segments of Didomi's paths look like, ids excepted. */
const WORD = /^(?:v\d|[a-z]+(?:-[a-z]+)*|\{id\}|)$/;

/**
 * One line for a request that is over. Of its path, everything that may be an id is masked: ids can be e-mail addresses
 * or API keys.
 *
 * @param secrets masked even if they look like a part of a path.
 */
export function logLine(
  { method, path, status }: FakeDidomiRequest,
  durationMs: number,
  router: Router,
  secrets: readonly string[],
): string {
  const route = withoutVersion(path);
  const template = path.slice(0, path.length - route.length) + router.templateOf(route);
  const segments = template.split('/').map((segment) => {
    return WORD.test(segment) && !secrets.includes(segment) ? segment : '***';
  });
  return `${method} ${segments.join('/')} ${status ?? '(no answer)'} ${Math.round(durationMs)} ms`;
}
