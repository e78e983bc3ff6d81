import type { FakeDidomiAccessTokens } from './access-tokens.js';
import { failure, invalidFields, success } from './envelopes.js';
import type { FakeDidomiAnswer } from './envelopes.js';
import { isJsonObject } from './json.js';

/** `POST /sessions`: exchanges the API key and API secret for an access token. */
export class FakeDidomiSessions {
  enabled = true;
  apiSecret: string;
  readonly apiKey: string;
  readonly #accessTokens: FakeDidomiAccessTokens;

  constructor(apiKey: string, apiSecret: string, accessTokens: FakeDidomiAccessTokens) {
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.#accessTokens = accessTokens;
  }

  create(body: unknown): FakeDidomiAnswer {
    const input = isJsonObject(body) ? body : {};
    const errors = ['type', 'key', 'secret']
      .filter((field) => typeof input[field] !== 'string' || input[field] === '')
      .map((field) => ({ field, message: 'is required' }));
    if (errors.length > 0) return invalidFields(errors);
    if (input['type'] !== 'api-key') return invalidFields([{ field: 'type', message: 'must be api-key' }]);
    if (!this.enabled || input['key'] !== this.apiKey || input['secret'] !== this.apiSecret) {
      return failure(400, 'Invalid authentication information');
    }
    return success({ access_token: this.#accessTokens.issue() });
  }
}
