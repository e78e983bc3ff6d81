import type { CurrentAccessToken } from './current-access-token.js';
import type { DidomiAuthPhase, DidomiAuthStatus } from './didomi-auth-status.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { RejectionCoolDown } from './rejection-cool-down.js';
import type { TokenRequestGate } from './token-request.gate.js';

/** What the life of the access token says; the rest is about API requests. */
export type AccessTokenStatus = Omit<DidomiAuthStatus, 'requests' | 'rateLimit'>;

interface StatusParts {
  readonly isClosed: boolean;
  readonly isRequesting: boolean;
  readonly coolDown: RejectionCoolDown;
  readonly current: CurrentAccessToken;
  readonly gate: TokenRequestGate;
  readonly requester: { readonly sent: number; readonly clockOffsetMs: number | undefined };
  readonly clock: DidomiClock;
}

export function readStatus(parts: StatusParts): AccessTokenStatus {
  const { coolDown, current, gate, requester, clock } = parts;
  const now = clock.monotonic();
  const { token, lastRefresh } = current;
  const { lastFailure } = gate;
  const { clockOffsetMs } = requester;
  const needsAttempt = lastFailure !== undefined || current.promising(now) === undefined;
  const coolDownMs = current.isRejected ? coolDown.leftMs(now) : 0;
  const waitMs = needsAttempt ? Math.max(gate.waitMs(now), coolDownMs) : 0;
  // Told by the wall clock as it is now, whatever it was then.
  const date = (moment: number): number => Math.round(clock.now() + moment - now);
  const nextAttempt = nextAttemptOf(parts, now, waitMs);
  return {
    phase: phaseOf(parts, now, waitMs),
    usable: current.promising(now) !== undefined,
    ...(token === undefined ? {} : { expiresAt: date(token.expiresAt) }),
    ...(lastRefresh === undefined ? {} : { lastRefresh: { ...lastRefresh, at: date(lastRefresh.at) } }),
    ...(waitMs === 0 ? {} : { nextAttemptAt: date(now + waitMs) }),
    ...(nextAttempt === undefined ? {} : { nextAttempt: { ...nextAttempt, at: date(nextAttempt.at) } }),
    tokenRequests: { sent: requester.sent, failed: gate.failedRequests },
    ...(lastFailure === undefined ? {} : { lastFailureReason: lastFailure.reason }),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
  };
}

/** The first that applies. */
function phaseOf(parts: StatusParts, now: number, waitMs: number): DidomiAuthPhase {
  if (parts.isClosed) return 'closed';
  if (parts.isRequesting) return 'refreshing';
  if (parts.gate.lastFailure?.isFinal) return 'rejected';
  if (waitMs > 0) return 'backing-off';
  if (parts.current.promising(now) !== undefined) return 'fresh';
  return parts.requester.sent === 0 && parts.current.lastRefresh === undefined ? 'cold' : 'expired';
}

function nextAttemptOf(
  { isClosed, isRequesting, current, gate }: StatusParts,
  now: number,
  waitMs: number,
): DidomiAuthStatus['nextAttempt'] {
  if (isClosed) return undefined;
  if (waitMs > 0) return { at: now + waitMs, reason: gate.waitReason(now) };
  const token = current.promising(now);
  return token === undefined || isRequesting ? undefined : { at: token.refreshAt, reason: 'renewal' };
}
