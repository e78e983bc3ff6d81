import {
  failure,
  Refusal,
  isTokenRequest,
  withoutVersion,
  type Answer,
  type Handler,
  type Route,
} from '../api/route.js';
import type { FakeDidomiAccessTokens } from '../auth/access-tokens.js';
import type { Organizations } from '../auth/organizations.js';
import type { FakeDidomiRequest } from '../fake-didomi.types.js';
import { isRateLimited, type RateLimit } from './rate-limit.js';

const METHODS_WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

interface Parts {
  readonly accessTokens: FakeDidomiAccessTokens;
  readonly organizations: Organizations;
  readonly rateLimit: RateLimit | undefined;
  readonly router: Router;
  readonly allowsUnversionedPaths: boolean;
}

/** Authenticates a request, counts it against the rate limit, and calls its route. */
export class Gate {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  answer(request: FakeDidomiRequest): Answer {
    const { accessTokens, rateLimit, allowsUnversionedPaths } = this.#parts;
    if (!allowsUnversionedPaths && withoutVersion(request.path) === request.path) return failure(404, 'Page not found');
    if (isTokenRequest(request)) return this.#route(request, '');
    const organizationId = accessTokens.organizationOf(bearerOf(request));
    if (organizationId === undefined) return failure(401, 'Not authenticated');
    const counted = isRateLimited(request) ? rateLimit?.count(organizationId) : undefined;
    const answer = counted?.isExceeded ? failure(429) : this.#route(request, organizationId);
    return { ...answer, headers: { ...answer.headers, ...counted?.headers } };
  }

  #route(request: FakeDidomiRequest, organizationId: string): Answer {
    const path = withoutVersion(request.path);
    try {
      const { handler, id } = this.#parts.router.find(request.method, path);
      const { query, body } = request;
      if (needsJson(request) && (typeof body !== 'object' || body === null)) {
        return failure(400, 'The body is not valid JSON');
      }
      if (!isTokenRequest(request)) this.#parts.organizations.check(request);
      return handler({ path, id, query, body, organizationId });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }
}

/** Not a token request: its route names the missing fields itself. */
function needsJson(request: FakeDidomiRequest): boolean {
  return METHODS_WITH_BODY.includes(request.method) && !isTokenRequest(request);
}

function bearerOf({ headers }: FakeDidomiRequest): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}

interface Match {
  readonly handler: Handler;
  readonly id: string;
}

/** Finds the handler for a method and a path. */
export class Router {
  readonly #handlers = new Map<string, Map<string, Handler>>();

  constructor(routes: readonly Route[]) {
    for (const [methodAndPath, handler] of routes) {
      const [method = '', path = ''] = methodAndPath.split(' ');
      const handlers = this.#handlers.get(path) ?? new Map<string, Handler>();
      this.#handlers.set(path, handlers.set(method, handler));
    }
  }

  /** @param path without `/v1`. */
  find(method: string, path: string): Match {
    const template = this.templateOf(path);
    const handlers = this.#handlers.get(template);
    if (!handlers) throw Refusal.of(404, 'Page not found');
    const handler = handlers.get(method);
    if (!handler) throw Refusal.of(405, undefined, { Allow: [...handlers.keys()].join(', ') });
    return { handler, id: template === path ? '' : decode(path.slice(path.lastIndexOf('/') + 1)) };
  }

  /** The path with its last segment replaced by `{id}` where there is such a route; else the path. */
  templateOf(path: string): string {
    const parent = path.slice(0, path.lastIndexOf('/') + 1);
    const template = `${parent}{id}`;
    return path !== parent && !this.#handlers.has(path) && this.#handlers.has(template) ? template : path;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw Refusal.of(400, 'The path is not encoded correctly');
  }
}
