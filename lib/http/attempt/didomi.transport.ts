import {
  getAdapter,
  type AxiosAdapter,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { Pauses } from '../../auth/pauses.js';
import type { Authorization } from '../bearer/authorization.js';
import { ownHeaders, redactBearer } from '../bearer/bearer.js';
import { Exchange, type ExchangeParts } from './exchange.js';
import { makeRepeatable } from '../request/request-body.js';
import { guardStream } from '../request/request-stream.js';
import { withoutSecrets } from '../bearer/response-secrets.js';

/**
 * The Axios adapter of API requests. It sits below the interceptors and request transforms, so that a replay or retry runs
 * none of them again.
 */
export class DidomiTransport {
  readonly #parts: ExchangeParts;
  readonly #adapter: AxiosAdapter;

  /**
   * @param adapter sends what no other adapter is named for.
   * @param isOffline whether it also sends what one of Axios' own adapters is named for.
   */
  constructor(
    parts: Omit<ExchangeParts, 'inFlight' | 'pauses'>,
    private readonly authorization: Authorization,
    adapter: AxiosAdapter,
    private readonly isOffline: boolean,
  ) {
    this.#parts = { ...parts, inFlight: new Set(), pauses: new Pauses(parts.clock) };
    this.#adapter = adapter;
  }

  readonly send: AxiosAdapter = (config) => this.#run(config, this.#adapter);

  /** The same over another adapter, by whatever Axios takes for one. */
  over(given: AxiosRequestConfig['adapter']): AxiosAdapter {
    return given === undefined || (this.isOffline && typeof given !== 'function')
      ? this.send
      : (config) => this.#run(config, (attempt) => getAdapter(given, attempt)(attempt));
  }

  async #run(config: InternalAxiosRequestConfig, adapter: AxiosAdapter): Promise<AxiosResponse> {
    config.headers = ownHeaders(config.headers);
    makeRepeatable(config);
    try {
      const exchange = new Exchange(this.#parts, adapter, config);
      const send = (): Promise<AxiosResponse> => this.#send(config, exchange);
      return withoutSecrets(await guardStream(config.data, send, () => exchange.uploadFailure()));
    } finally {
      // An interceptor of the application's may have kept it.
      redactBearer(config);
    }
  }

  async #send(config: InternalAxiosRequestConfig, exchange: Exchange): Promise<AxiosResponse> {
    const waiting = this.authorization.apply(config);
    if (waiting !== undefined) await waiting;
    return await exchange.run();
  }

  /** Ends every wait and every attempt, and closes the connections. */
  close(): void {
    this.#parts.pacer.close();
    this.#parts.pauses.endAll();
    for (const attempt of this.#parts.inFlight) attempt.cancel();
    this.#parts.agents.destroy();
  }
}
