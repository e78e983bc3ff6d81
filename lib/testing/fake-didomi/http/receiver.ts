import type { IncomingMessage, ServerResponse } from 'node:http';
import { isTokenRequest, withoutVersion, type Answer } from '../api/route.js';
import type { FakeDidomiRequest } from '../fake-didomi.types.js';
import type { Gate, Router } from './gate.js';
import { readRequestBody } from './request-body.js';
import { answerOf, Scripts, type PlainFault } from './scripts.js';
import { deliver, internalError } from './server.js';

/** What the segments of Didomi's paths look like, ids excepted. */
const WORD = /^(?:v\d|[a-z]+(?:-[a-z]+)*|\{id\}|)$/;

interface RecordedRequest extends FakeDidomiRequest {
  status: number | undefined;
}

interface Parts {
  readonly gate: Gate;
  /** Answers a token request with the given access token. */
  readonly handOut: (accessToken: unknown) => Answer;
  readonly recordsRequests: boolean;
  /** Called for each request once it is over, answered or not. */
  readonly log: ((request: FakeDidomiRequest, durationMs: number) => void) | undefined;
  readonly now: () => number;
  readonly clock: () => number;
}

/** Receives requests, records and counts them, and answers them by a script or else as the API does. */
export class RequestReceiver {
  readonly scripts = new Scripts();
  requests: FakeDidomiRequest[] = [];
  tokenRequests = 0;
  apiRequests = 0;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recordsRequests, log, now, clock } = this.#parts;
    const receivedAt = now();
    const startedAt = performance.now();
    const { body, refusal } = await readRequestBody(incoming);
    const request: RecordedRequest = { ...describe(incoming), body, status: undefined, receivedAt };
    if (recordsRequests) this.requests.push(request);
    this[isTokenRequest(request) ? 'tokenRequests' : 'apiRequests'] += 1;
    if (log) onClose(response, () => log(request, performance.now() - startedAt));
    // A client that left in the middle of its body asked for nothing.
    if (!incoming.complete) return;
    const onAnswer = (status: number) => {
      request.status = status;
      response.setHeader('date', new Date(clock()).toUTCString());
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
    if (fault && 'accessToken' in fault && isTokenRequest(request)) return this.#parts.handOut(fault.accessToken);
    const scripted = fault && answerOf(fault);
    if (scripted) return scripted;
    return refusal ?? this.#parts.gate.answer(request);
  }
}

/** A client that is gone before its body was read has closed the response already. */
function onClose(response: ServerResponse, listener: () => void): void {
  if (response.closed) listener();
  else response.once('close', listener);
}

function describe({ method = '', url = '', headers }: IncomingMessage) {
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  return { method, path, query: new URLSearchParams(url.slice(path.length)), headers };
}

/**
 * One line for a request that is over. Of its path, everything that may be an id is masked: ids can be e-mail addresses
 * or API keys.
 *
 * @param secrets masked even if they look like a part of a path.
 */
export function logLine(
  { method, path, status }: FakeDidomiRequest,
  durationMs: number,
  router: Router,
  secrets: readonly string[],
): string {
  const route = withoutVersion(path);
  const template = path.slice(0, path.length - route.length) + router.templateOf(route);
  const segments = template.split('/').map((segment) => {
    return WORD.test(segment) && !secrets.includes(segment) ? segment : '***';
  });
  return `${method} ${segments.join('/')} ${status ?? '(no answer)'} ${Math.round(durationMs)} ms`;
}
