import type { FakeDidomiAccessTokens } from '../access/access-tokens.js';
import { failure } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { isTokenRequest, withoutVersion } from '../basics/paths.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiRequest } from '../types.js';
import { isCounted } from './counted.js';
import type { FakeDidomiRateLimit } from './rate-limit.js';
import type { FakeDidomiRouter } from './router.js';

const METHODS_WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** Didomi's gate: who may pass, how often, and which route answers. */
export class FakeDidomiApi {
  readonly #accessTokens: FakeDidomiAccessTokens;
  readonly #rateLimit: FakeDidomiRateLimit | undefined;
  readonly #router: FakeDidomiRouter;

  constructor(
    accessTokens: FakeDidomiAccessTokens,
    rateLimit: FakeDidomiRateLimit | undefined,
    router: FakeDidomiRouter,
  ) {
    this.#accessTokens = accessTokens;
    this.#rateLimit = rateLimit;
    this.#router = router;
  }

  answer(request: FakeDidomiRequest): FakeDidomiAnswer {
    if (isTokenRequest(request)) return this.#route(request, '');
    const organizationId = this.#accessTokens.organizationOf(bearerOf(request));
    if (organizationId === undefined) return failure(401, 'Not authenticated');
    const standing = isCounted(request) ? this.#rateLimit?.count(organizationId) : undefined;
    const answer = standing?.isExceeded ? failure(429) : this.#route(request, organizationId);
    return { ...answer, headers: { ...answer.headers, ...standing?.headers } };
  }

  #route(request: FakeDidomiRequest, organizationId: string): FakeDidomiAnswer {
    const path = withoutVersion(request.path);
    try {
      const { handler, id } = this.#router.find(request.method, path);
      const { query, body } = request;
      if (needsJson(request) && (typeof body !== 'object' || body === null)) {
        return failure(400, 'The body is not valid JSON');
      }
      return handler({ path, id, query, body, organizationId });
    } catch (error) {
      if (error instanceof FakeDidomiRefusal) return error.answer;
      throw error;
    }
  }
}

/** A token request says by itself what it lacks. */
function needsJson(request: FakeDidomiRequest): boolean {
  return METHODS_WITH_BODY.includes(request.method) && !isTokenRequest(request);
}

function bearerOf({ headers }: FakeDidomiRequest): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}
