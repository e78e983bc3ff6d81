import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Pauses } from '../../auth/pauses.js';
import type { Authorization } from '../bearer/authorization.js';
import { redactBearer } from '../bearer/bearer.js';
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

  constructor(
    parts: Omit<ExchangeParts, 'inFlight' | 'pauses'>,
    private readonly authorization: Authorization,
  ) {
    this.#parts = { ...parts, inFlight: new Set(), pauses: new Pauses(parts.clock) };
  }

  readonly send: AxiosAdapter = async (config) => {
    makeRepeatable(config);
    try {
      return withoutSecrets(await guardStream(config.data, () => this.#send(config)));
    } finally {
      // An interceptor of the application's may have kept it.
      redactBearer(config);
    }
  };

  async #send(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const waiting = this.authorization.apply(config);
    if (waiting !== undefined) await waiting;
    return await new Exchange(this.#parts, config).run();
  }

  /** Ends every wait and every attempt, and closes the connections. */
  close(): void {
    this.#parts.pacer.close();
    this.#parts.pauses.endAll();
    for (const attempt of this.#parts.inFlight) attempt.cancel();
    this.#parts.agents.destroy();
  }
}
