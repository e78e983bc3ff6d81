import { randomUUID } from 'node:crypto';
import { FakeDidomiJwtSigner } from '../access/jwt-signer.js';
import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { objectOf, requireTexts } from '../basics/inputs.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiCall, FakeDidomiRoute } from '../basics/route.js';

const DEFAULT_LIFETIME_SECONDS = 900;

/**
 * `/consents/tokens`: gives an end user's browser access to the own consents. The organization may be named in the
 * query or in the body. The fake itself does not serve the routes that take an `id_token`.
 */
export class FakeDidomiConsentTokens {
  readonly routes: readonly FakeDidomiRoute[] = [['POST /consents/tokens', (call) => this.#create(call)]];
  readonly #clock: () => number;
  readonly #signer = new FakeDidomiJwtSigner();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  #create({ query, body }: FakeDidomiCall): FakeDidomiAnswer {
    const input = objectOf(body, 'token');
    const organizationId = input['organization_id'] ?? query.get('organization_id');
    requireTexts({ ...input, organization_id: organizationId }, ['organization_id', 'organization_user_id']);
    const { lifetime = DEFAULT_LIFETIME_SECONDS } = input;
    if (!Number.isInteger(lifetime) || Number(lifetime) < 1) {
      throw FakeDidomiRefusal.field('lifetime', 'must be a whole number of seconds above 0');
    }
    const iat = Math.floor(this.#clock() / 1000);
    const user = { organization_id: organizationId, organization_user_id: input['organization_user_id'] };
    const claims = { iat, exp: iat + Number(lifetime), jti: randomUUID(), ...user };
    return success({ ...input, ...user, lifetime, id_token: this.#signer.sign(claims) });
  }
}
