import type { CurrentAccessToken } from './current-access-token.js';
import type { DidomiAuthPhase, DidomiAuthStatus } from './didomi-auth-status.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { TokenRequestGate } from './token-request.gate.js';

interface StatusParts {
  readonly isClosed: boolean;
  readonly isRequesting: boolean;
  readonly current: CurrentAccessToken;
  readonly gate: TokenRequestGate;
  /** How many token requests were sent. */
  readonly sent: number;
  readonly clock: DidomiClock;
}

export function readStatus(parts: StatusParts): DidomiAuthStatus {
  const { current, gate, sent, clock } = parts;
  const now = clock.monotonic();
  const { token } = current;
  const { lastFailure } = gate;
  const needsAttempt = lastFailure !== undefined || current.usable(now) === undefined;
  const waitMs = needsAttempt ? gate.waitMs(now) : 0;
  // Told by the wall clock as it is now, whatever it was when the access token came.
  const dateIn = (ms: number): number => Math.round(clock.now() + ms);
  return {
    phase: phaseOf(parts, now, waitMs),
    ...(token === undefined ? {} : { expiresAt: dateIn(token.expiresAt - now) }),
    ...(waitMs === 0 ? {} : { nextAttemptAt: dateIn(waitMs) }),
    tokenRequests: { sent, failed: gate.failedRequests },
    ...(lastFailure === undefined ? {} : { lastFailureReason: lastFailure.reason }),
  };
}

/** The first that applies. */
function phaseOf(parts: StatusParts, now: number, waitMs: number): DidomiAuthPhase {
  if (parts.isClosed) return 'closed';
  if (parts.isRequesting) return 'refreshing';
  if (parts.gate.lastFailure?.isFinal) return 'rejected';
  if (waitMs > 0) return 'backing-off';
  if (parts.current.usable(now) !== undefined) return 'fresh';
  return parts.sent === 0 ? 'cold' : 'expired';
}
