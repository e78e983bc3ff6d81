import type { Dispatcher } from 'undici';
import type { BaseURL } from './base-url.js';

/** What the connections put on the configuration of an attempt, for the adapter. */
export interface UndiciAttempt {
  readonly undici: {
    readonly base: BaseURL;
    readonly dispatcher: Pick<Dispatcher, 'dispatch'>;
    /** Whether requests may share a connection at the same time, by HTTP/2. */
    readonly isMultiplexed: boolean;
  };
}
