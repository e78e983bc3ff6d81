import type { FakeDidomiAccessTokens } from './access-tokens.js';
import { FakeDidomiConsentEvents } from './consent-events.js';
import { FakeDidomiConsentUsers } from './consent-users.js';
import { failure, invalidFields, success } from './envelopes.js';
import type { FakeDidomiAnswer } from './envelopes.js';
import { isTokenRequest, withoutVersion } from './paths.js';
import { FakeDidomiProperties } from './properties.js';
import type { FakeDidomiSessions } from './sessions.js';
import type { FakeDidomiRequest } from './types.js';

type Route = (request: FakeDidomiRequest) => FakeDidomiAnswer;

/** Didomi's routes: who may pass, and which of them answers. */
export class FakeDidomiApi {
  readonly #sessions: FakeDidomiSessions;
  readonly #accessTokens: FakeDidomiAccessTokens;
  readonly #users: FakeDidomiConsentUsers;
  readonly #events: FakeDidomiConsentEvents;
  readonly #routes: ReadonlyMap<string, Route>;

  constructor(
    organizationId: string,
    sessions: FakeDidomiSessions,
    accessTokens: FakeDidomiAccessTokens,
    clock: () => number,
  ) {
    const properties = new FakeDidomiProperties(organizationId);
    const users = new FakeDidomiConsentUsers(clock);
    const events = new FakeDidomiConsentEvents(clock, users);
    this.#sessions = sessions;
    this.#accessTokens = accessTokens;
    this.#users = users;
    this.#events = events;
    this.#routes = new Map<string, Route>([
      ['GET /properties', (request) => properties.list(request)],
      ['GET /consents/users', forOrganization((id, request) => users.list(id, request))],
      ['POST /consents/users', forOrganization((id, request) => users.create(id, request))],
      ['GET /consents/events', forOrganization((id, request) => events.list(id, request))],
      ['POST /consents/events', forOrganization((id, request) => events.create(id, request))],
    ]);
  }

  answer(request: FakeDidomiRequest): FakeDidomiAnswer {
    if (isTokenRequest(request)) return this.#sessions.create(request.body);
    if (!this.#accessTokens.isLive(bearerOf(request))) return failure(401, 'Not authenticated');
    const route = this.#routes.get(`${request.method} ${withoutVersion(request.path)}`);
    if (!route) return failure(404, 'Page not found');
    if (request.method === 'POST' && (typeof request.body !== 'object' || request.body === null)) {
      return failure(400, 'The body is not valid JSON');
    }
    return route(request);
  }

  /** Answers a token request with any value; a string then counts as issued. */
  handOut(accessToken: unknown): FakeDidomiAnswer {
    if (typeof accessToken === 'string') this.#accessTokens.adopt(accessToken);
    return success({ access_token: accessToken });
  }

  forgetConsents(): void {
    this.#users.clear();
    this.#events.clear();
  }
}

function forOrganization(route: (organizationId: string, request: FakeDidomiRequest) => FakeDidomiAnswer): Route {
  return (request) => {
    const organizationId = request.query.get('organization_id');
    if (!organizationId) return invalidFields([{ field: 'organization_id', message: 'is required in the query' }]);
    return route(organizationId, request);
  };
}

function bearerOf({ headers }: FakeDidomiRequest): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}
