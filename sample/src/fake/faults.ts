import type { FakeDidomiFault, FakeDidomiMatch } from 'nestjs-didomi/testing';

interface FaultOfFake {
  readonly match: FakeDidomiMatch;
  readonly fault: FakeDidomiFault;
}

/** What can be wrong with a fake, until somebody takes it back. */
export const FAULTS = {
  'login-down': { match: 'token-requests', fault: { status: 503 } },
  'api-down': { match: 'api-requests', fault: { status: 503 } },
  'rate-limit': {
    match: 'api-requests',
    fault: { status: 429, headers: { RateLimit: 'limit=100, remaining=0, reset=5', 'Retry-After': '5' } },
  },
} as const satisfies Record<string, FaultOfFake>;

export type Fault = keyof typeof FAULTS;

export function isFault(name: string): name is Fault {
  return Object.hasOwn(FAULTS, name);
}
