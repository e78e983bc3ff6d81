import type { DidomiAuthenticationReason, DidomiAuthEvent, DidomiAuthPhase, DidomiAuthStatus } from 'nestjs-didomi';

/** What happened to a client in one span of time. */
export interface Sample {
  /** Start of the span, epoch milliseconds. */
  readonly at: number;
  readonly phase: DidomiAuthPhase;
  readonly usable: boolean;
  readonly lastFailureReason: DidomiAuthenticationReason | undefined;
  readonly answered: number;
  readonly failed: number;
  /** Requests that were sent again, after a 401 or a transient failure. */
  readonly repeated: number;
  /** The mean of the calls that ended; `null` without one. */
  readonly meanMs: number | null;
  readonly slowestMs: number | null;
  /** What was left of the rate limit; `null` where Didomi told none. */
  readonly remaining: number | null;
}

export type NumberedEvent = DidomiAuthEvent & { readonly id: number };

export interface BrandUpdate {
  readonly id: string;
  readonly name: string;
  readonly client: string;
  readonly status: DidomiAuthStatus;
  /** Those that are new, and the last one again if it has changed. */
  readonly samples: readonly Sample[];
  readonly events: readonly NumberedEvent[];
  /** What is wrong with the fake Didomi; absent if there is none. */
  readonly faults?: readonly string[];
}

/** What the status page is sent: everything at first, then what has changed. */
export interface StatusUpdate {
  /** Differs for each start of the application: the page then forgets what it has. */
  readonly run: string;
  readonly now: number;
  /** How many milliseconds a sample covers, and how many samples are kept. */
  readonly sampleMs: number;
  readonly maxSamples: number;
  readonly brands: readonly BrandUpdate[];
}
