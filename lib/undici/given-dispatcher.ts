import type { Dispatcher } from 'undici';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiConnections, DidomiTransport, OwnConnection } from '../options/didomi-transport.interface.js';
import { BaseURL } from './base-url.js';
import { refuseOwnConnection } from './refuse-own-connection.js';
import type { UndiciAttempt } from './undici-attempt.js';

type Server = Parameters<DidomiTransport['open']>[0];

/** A dispatcher of the application, which knows the bounds of its connections and closes them. */
export class GivenDispatcher implements DidomiConnections {
  readonly maxConnections = Infinity;
  readonly #attempt: UndiciAttempt;

  constructor(dispatcher: Dispatcher, { baseURL, proxy }: Server) {
    if (proxy) {
      throw new DidomiConfigurationError(['axios.proxy is not used beside undici.dispatcher: remove one of the two']);
    }
    this.#attempt = { undici: { base: new BaseURL(baseURL), dispatcher, isMultiplexed: false } };
  }

  of(own: OwnConnection): UndiciAttempt {
    refuseOwnConnection(own);
    return this.#attempt;
  }

  destroy(): void {}
}
