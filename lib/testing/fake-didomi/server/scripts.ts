import { isTokenRequest, withoutVersion } from '../basics/paths.js';
import type { FakeDidomiFault, FakeDidomiMatch, FakeDidomiRequest } from '../types.js';

interface Script {
  readonly match: FakeDidomiMatch;
  readonly fault: FakeDidomiFault;
  times: number;
}

/** A fault that says by itself what to do. */
export type FakeDidomiPlainFault = Exclude<FakeDidomiFault, (request: FakeDidomiRequest) => unknown>;

/** The scripted faults, in the order in which they are used up. */
export class FakeDidomiScripts {
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
  take(request: FakeDidomiRequest): FakeDidomiPlainFault | undefined {
    for (const script of this.#scripts) {
      if (script.times < 1 || !isMatch(script.match, request)) continue;
      script.times -= 1;
      let fault: FakeDidomiFault | undefined = script.fault;
      while (typeof fault === 'function') fault = fault(request);
      return fault;
    }
    return undefined;
  }
}

function isMatch(match: FakeDidomiMatch, request: FakeDidomiRequest): boolean {
  if (match === 'token-requests') return isTokenRequest(request);
  if (match === 'api-requests') return !isTokenRequest(request);
  return (
    (match.method === undefined || match.method.toUpperCase() === request.method) &&
    (match.path === undefined || withoutVersion(match.path) === withoutVersion(request.path))
  );
}
