import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import { failure } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import type { FakeDidomiPlainFault } from './scripts.js';

/** What becomes of a request in the end. */
export type FakeDidomiReply = FakeDidomiAnswer | 'hang' | 'reset';

/** The reply that a fault asks for, or `undefined` if it leaves the usual answer alone. */
export function replyOf(fault: FakeDidomiPlainFault): FakeDidomiReply | undefined {
  if ('hang' in fault) return 'hang';
  if ('reset' in fault) return 'reset';
  if ('redirectTo' in fault) return { status: fault.status ?? 307, body: '', headers: { location: fault.redirectTo } };
  if ('html' in fault) return htmlPage(fault.status ?? 502);
  if (!('status' in fault)) return undefined;
  const body = fault.body ?? (fault.status >= 400 ? failure(fault.status).body : '');
  return { status: fault.status, body, headers: fault.headers };
}

/** Carries a reply out, after the given latency if there is one; `onAnswer` comes just before an answer leaves. */
export function deliver(
  response: ServerResponse,
  reply: FakeDidomiReply,
  latencyMs: number | undefined,
  onAnswer: (status: number) => void,
): void {
  if (reply === 'hang') return;
  const carryOut = () => {
    if (reply === 'reset') return void response.socket?.resetAndDestroy();
    try {
      onAnswer(reply.status);
      write(response, reply);
    } catch (error) {
      // Thrown in a timer it would end the process of the test.
      if (latencyMs === undefined) throw error;
      write(response, failure(500, `The fake failed: ${String(error)}`));
    }
  };
  if (latencyMs === undefined) return carryOut();
  const timer = setTimeout(carryOut, latencyMs);
  // A client that leaves, or a server that stops, must not leave the timer behind.
  response.once('close', () => clearTimeout(timer));
}

function write(response: ServerResponse, { status, body, headers = {} }: FakeDidomiAnswer): void {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  if (payload !== '') response.setHeader('content-type', typeof body === 'string' ? 'text/plain' : 'application/json');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  response.end(payload);
}

function htmlPage(status: number): FakeDidomiAnswer {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}
