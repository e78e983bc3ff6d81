import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeDidomiApi } from '../api/api.js';
import { failure } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { isTokenRequest } from '../basics/paths.js';
import { deliver, replyOf } from './replies.js';
import type { FakeDidomiReply } from './replies.js';
import { readRequestBody } from './request-body.js';
import { FakeDidomiScripts } from './scripts.js';
import type { FakeDidomiPlainFault } from './scripts.js';
import type { FakeDidomiRequest } from '../types.js';

interface RecordedRequest extends FakeDidomiRequest {
  status: number | undefined;
}

/** Takes requests in, writes them down, and answers them by a script or else by the API. */
export class FakeDidomiTraffic {
  readonly scripts = new FakeDidomiScripts();
  /** Whether each request is kept to be looked at. A fake that runs for days must not fill the memory with them. */
  keepsRequests = true;
  requests: FakeDidomiRequest[] = [];
  tokenRequests = 0;
  apiRequests = 0;
  readonly #api: FakeDidomiApi;
  readonly #handOut: (accessToken: unknown) => FakeDidomiAnswer;
  readonly #now: () => number;
  readonly #clock: () => number;

  /** @param handOut answers a token request with what a test wants. */
  constructor(
    api: FakeDidomiApi,
    handOut: (accessToken: unknown) => FakeDidomiAnswer,
    now: () => number,
    clock: () => number,
  ) {
    this.#api = api;
    this.#handOut = handOut;
    this.#now = now;
    this.#clock = clock;
  }

  async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = this.#now();
    const { body, isTooLarge } = await readRequestBody(incoming);
    const request: RecordedRequest = { ...describe(incoming), body, status: undefined, receivedAt };
    if (this.keepsRequests) this.requests.push(request);
    this[isTokenRequest(request) ? 'tokenRequests' : 'apiRequests'] += 1;
    // A client that left in the middle of its body asked for nothing.
    if (!incoming.complete) return;
    const onAnswer = (status: number) => {
      request.status = status;
      response.setHeader('date', new Date(this.#clock()).toUTCString());
    };
    try {
      const fault = this.scripts.take(request);
      deliver(response, this.#replyTo(request, fault, isTooLarge), fault?.latencyMs, onAnswer);
    } catch (error) {
      // A function that a test handed in threw: say so, where silence would leave the client waiting.
      deliver(response, failure(500, `The fake failed: ${String(error)}`), undefined, onAnswer);
    }
  }

  forget(): void {
    this.requests = [];
    this.tokenRequests = 0;
    this.apiRequests = 0;
    this.scripts.clear();
  }

  #replyTo(request: FakeDidomiRequest, fault: FakeDidomiPlainFault | undefined, isTooLarge: boolean): FakeDidomiReply {
    if (fault && 'accessToken' in fault && isTokenRequest(request)) return this.#handOut(fault.accessToken);
    const scripted = fault && replyOf(fault);
    if (scripted) return scripted;
    return isTooLarge ? failure(413) : this.#api.answer(request);
  }
}

function describe({ method = '', url = '', headers }: IncomingMessage) {
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  return { method, path, query: new URLSearchParams(url.slice(path.length)), headers };
}
