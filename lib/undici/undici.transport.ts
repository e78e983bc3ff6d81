import type { AxiosAdapter } from 'axios';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiConnections, DidomiTransport } from '../options/didomi-transport.interface.js';
import { GivenDispatcher } from './given-dispatcher.js';
import { resolveUndiciOptions, type UndiciSettings } from './resolve-undici-options.js';
import { sendByUndici } from './send-by-undici.js';
import { UndiciConnections } from './undici.connections.js';
import type { DidomiUndiciOptions } from './undici-options.interface.js';

type Undici = typeof import('undici');

/**
 * Sends the requests of a client by undici, which takes less than half of the time of Axios' own adapter. The package `undici`, 7
 * or 8, has to be installed.
 *
 * @example
 * ```ts
 * DidomiModule.forRoot({ apiKey, apiSecret, axios: { adapter: undiciAdapter() } });
 * ```
 * @throws DidomiConfigurationError naming every option that is wrong.
 * @publicApi
 */
export function undiciAdapter(options: DidomiUndiciOptions = {}): DidomiTransport {
  return new UndiciTransport(resolveUndiciOptions(options));
}

class UndiciTransport implements DidomiTransport {
  readonly adapter: AxiosAdapter = sendByUndici;
  /** May hold keys of TLS. */
  readonly #settings: UndiciSettings;
  #undici: Undici | undefined;

  constructor(settings: UndiciSettings) {
    this.#settings = settings;
  }

  async load(): Promise<void> {
    if (this.#undici !== undefined || this.#settings.dispatcher !== undefined) return;
    this.#undici = await loadUndici();
  }

  open(server: Parameters<DidomiTransport['open']>[0]): DidomiConnections {
    const { dispatcher } = this.#settings;
    if (dispatcher !== undefined) return new GivenDispatcher(dispatcher, server);
    return new UndiciConnections(this.#undici, this.#settings, server);
  }
}

async function loadUndici(): Promise<Undici> {
  let undici: Undici;
  try {
    undici = await import('undici');
  } catch {
    throw new DidomiConfigurationError([
      'axios.adapter needs the package undici, which cannot be loaded: npm install undici@7',
    ]);
  }
  // It does not say its version. Version 6 has other handlers, and would refuse every request.
  if ('cacheStores' in undici) return undici;
  throw new DidomiConfigurationError([
    'axios.adapter needs undici 7 or 8, and an older one is installed: npm install undici@7',
  ]);
}
