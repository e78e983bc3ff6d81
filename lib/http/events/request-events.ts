import type { Observable } from 'rxjs';
import { ClientEvents } from '../../auth/client-events.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { ApiRequest } from '../request/api-request.js';
import type { DidomiHttpEvent } from './didomi-http-event.interface.js';
import { REQUEST_CHANNEL, RequestTrace } from './request-trace.js';
import { routeTemplate } from './route-template.js';

/** Tells what happens to the API requests of one client, if anybody listens. */
export class RequestEvents {
  readonly events$: Observable<DidomiHttpEvent>;
  readonly #events: ClientEvents<DidomiHttpEvent>;
  #calls = 0;
  #running = 0;
  #isClosed = false;

  constructor(
    client: string | undefined,
    private readonly clock: DidomiClock,
  ) {
    this.#events = new ClientEvents(client, clock);
    this.events$ = this.#events.events$;
  }

  /** Runs a request. Who begins to listen meanwhile is not told of it: half a call would only confuse. */
  run<R extends { readonly status: number }>(request: ApiRequest, send: () => Promise<R>): Promise<R> {
    if (!this.#events.isObserved && !REQUEST_CHANNEL.hasSubscribers) return send();
    this.#calls += 1;
    const {
      method = 'get',
      url = '',
      baseURL = '',
    }: { method?: unknown; url?: unknown; baseURL?: unknown } = request.config;
    // Nothing of it has been checked yet.
    const route = typeof url === 'string' && typeof baseURL === 'string' ? request.route : '';
    const verb = String(method).toUpperCase();
    request.trace = new RequestTrace(this.#calls, verb, routeTemplate(route), this.#events, this.clock);
    return this.#untilEnd(request.trace.run(send));
  }

  /** Completes the events, as soon as the requests under way have told their ends. */
  close(): void {
    this.#isClosed = true;
    if (this.#running === 0) this.#events.complete();
  }

  async #untilEnd<R>(run: Promise<R>): Promise<R> {
    this.#running += 1;
    try {
      return await run;
    } finally {
      this.#running -= 1;
      if (this.#isClosed) this.close();
    }
  }
}
