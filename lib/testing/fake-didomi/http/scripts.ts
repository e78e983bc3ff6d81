import { STATUS_CODES } from 'node:http';
import { types } from 'node:util';
import { failure, isTokenRequest, withoutVersion, type Answer } from '../api/route.js';
import type { FakeDidomiFault, FakeDidomiMatch, FakeDidomiRequest } from '../fake-didomi.types.js';

interface Script {
  readonly match: FakeDidomiMatch;
  readonly fault: FakeDidomiFault;
  times: number;
}

/** A fault that is not chosen by a function. */
export type PlainFault = Exclude<FakeDidomiFault, (request: FakeDidomiRequest) => unknown>;

/** The scripted faults, in the order in which they are used up. */
export class Scripts {
  readonly #scripts = new Set<Script>();

  add(match: FakeDidomiMatch, fault: FakeDidomiFault, times: number): () => void {
    const script = { match, fault, times };
    this.#scripts.add(script);
    return () => void this.#scripts.delete(script);
  }

  clear(): void {
    this.#scripts.clear();
  }

  /** The fault for this request, if any; it counts as used even if its function chooses the usual answer. */
  take(request: FakeDidomiRequest): PlainFault | undefined {
    for (const script of this.#scripts) {
      if (script.times < 1 || !isMatch(script.match, request)) continue;
      script.times -= 1;
      if (script.times < 1) this.#scripts.delete(script);
      return plainFault(script.fault, request);
    }
    return undefined;
  }
}

function plainFault(fault: FakeDidomiFault | undefined, request: FakeDidomiRequest): PlainFault | undefined {
  while (typeof fault === 'function') fault = fault(request);
  if (fault === undefined) return undefined;
  if (typeof fault !== 'object' || fault === null) throw new TypeError('a fault must be an object or a function');
  if (types.isPromise(fault)) {
    // It may reject, and nobody else handles that.
    fault.catch(() => undefined);
    throw new TypeError('the function of a script must not be async');
  }
  return fault;
}

function isMatch(match: FakeDidomiMatch, request: FakeDidomiRequest): boolean {
  if (match === 'token-requests') return isTokenRequest(request);
  if (match === 'api-requests') return !isTokenRequest(request);
  return (
    (match.method === undefined || match.method.toUpperCase() === request.method) &&
    (match.path === undefined || withoutVersion(match.path) === withoutVersion(request.path))
  );
}

/** What a fault asks for, or `undefined` if it leaves the usual answer alone. */
export function answerOf(fault: PlainFault): Answer | 'hang' | 'reset' | undefined {
  if ('hang' in fault) return 'hang';
  if ('reset' in fault) return 'reset';
  if ('redirectTo' in fault) return { status: fault.status ?? 307, body: '', headers: { location: fault.redirectTo } };
  if ('html' in fault) return htmlPage(fault.status ?? 502);
  if (!('status' in fault)) return undefined;
  const body = fault.body ?? (fault.status >= 400 ? failure(fault.status).body : '');
  return { status: fault.status, body, headers: fault.headers };
}

function htmlPage(status: number): Answer {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}
