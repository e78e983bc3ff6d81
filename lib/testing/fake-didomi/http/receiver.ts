import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../api/answers.js';
import { isTokenRequest } from '../api/route.js';
import type { FakeDidomiRequest } from '../fake-didomi.types.js';
import type { Gate } from './gate.js';
import { readRequestBody } from './request-body.js';
import { answerOf, Scripts } from './scripts.js';
import type { PlainFault } from './scripts.js';
import { deliver, internalError } from './server.js';

interface RecordedRequest extends FakeDidomiRequest {
  status: number | undefined;
}

/** Receives requests, records and counts them, and answers them by a script or else as the API does. */
export class RequestReceiver {
  readonly scripts = new Scripts();
  /** Whether requests are recorded. A fake that runs for days must not fill the memory with them. */
  recordsRequests = true;
  requests: FakeDidomiRequest[] = [];
  tokenRequests = 0;
  apiRequests = 0;
  readonly #gate: Gate;
  readonly #handOut: (accessToken: unknown) => Answer;
  readonly #now: () => number;
  readonly #clock: () => number;

  /** @param handOut answers a token request with the given access token. */
  constructor(gate: Gate, handOut: (accessToken: unknown) => Answer, now: () => number, clock: () => number) {
    this.#gate = gate;
    this.#handOut = handOut;
    this.#now = now;
    this.#clock = clock;
  }

  async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = this.#now();
    const { body, refusal } = await readRequestBody(incoming);
    const request: RecordedRequest = { ...describe(incoming), body, status: undefined, receivedAt };
    if (this.recordsRequests) this.requests.push(request);
    this[isTokenRequest(request) ? 'tokenRequests' : 'apiRequests'] += 1;
    // A client that left in the middle of its body asked for nothing.
    if (!incoming.complete) return;
    const onAnswer = (status: number) => {
      request.status = status;
      response.setHeader('date', new Date(this.#clock()).toUTCString());
    };
    try {
      const fault = this.scripts.take(request);
      deliver(response, this.#answer(request, fault, refusal), fault?.latencyMs, onAnswer);
    } catch (error) {
      // A function that a test handed in threw: say so, where silence would leave the client waiting.
      deliver(response, internalError(error), undefined, onAnswer);
    }
  }

  forget(): void {
    this.requests = [];
    this.tokenRequests = 0;
    this.apiRequests = 0;
    this.scripts.clear();
  }

  #answer(request: FakeDidomiRequest, fault: PlainFault | undefined, refusal: Answer | undefined) {
    if (fault && 'accessToken' in fault && isTokenRequest(request)) return this.#handOut(fault.accessToken);
    const scripted = fault && answerOf(fault);
    if (scripted) return scripted;
    return refusal ?? this.#gate.answer(request);
  }
}

function describe({ method = '', url = '', headers }: IncomingMessage) {
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  return { method, path, query: new URLSearchParams(url.slice(path.length)), headers };
}
