import { failure, success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { requireTexts } from '../basics/inputs.js';
import { asObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiAccessTokens } from './access-tokens.js';
import type { FakeDidomiApiKeys } from './api-keys.js';

/** `POST /sessions`: exchanges an API key and its API secret for an access token. */
export class FakeDidomiSessions {
  readonly routes: readonly FakeDidomiRoute[] = [['POST /sessions', ({ body }) => this.#create(asObject(body))]];
  readonly #apiKeys: FakeDidomiApiKeys;
  readonly #accessTokens: FakeDidomiAccessTokens;

  constructor(apiKeys: FakeDidomiApiKeys, accessTokens: FakeDidomiAccessTokens) {
    this.#apiKeys = apiKeys;
    this.#accessTokens = accessTokens;
  }

  /** Answers a token request with any value; a string then counts as issued. */
  handOut(accessToken: unknown, organizationId: string): FakeDidomiAnswer {
    if (typeof accessToken === 'string') this.#accessTokens.adopt(accessToken, organizationId);
    return success({ access_token: accessToken });
  }

  #create(input: Readonly<Record<string, unknown>>): FakeDidomiAnswer {
    requireTexts(input, ['type', 'key', 'secret']);
    if (input['type'] !== 'api-key') throw FakeDidomiRefusal.field('type', 'must be api-key');
    const apiKey = this.#apiKeys.authenticate(String(input['key']), String(input['secret']));
    if (!apiKey) return failure(400, 'Invalid authentication information');
    return success({ access_token: this.#accessTokens.issue(apiKey.organization_id) });
  }
}
