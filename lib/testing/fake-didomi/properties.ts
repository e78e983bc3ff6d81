import { success } from './envelopes.js';
import type { FakeDidomiAnswer } from './envelopes.js';
import { wholeNumber } from './queries.js';
import type { FakeDidomiRequest } from './types.js';

const MAX_LIMIT = 100;

/** `GET /properties`: the websites and apps of an organization, and one of another organization to be filtered out. */
export class FakeDidomiProperties {
  readonly #properties: readonly Readonly<Record<string, string>>[];

  constructor(organizationId: string) {
    const owned = (id: string, name: string, type: string, owner = organizationId) => ({
      id,
      organization_id: owner,
      name,
      type,
      created_at: '2024-01-15T09:00:00.000Z',
      updated_at: '2024-06-03T14:30:00.000Z',
    });
    this.#properties = [
      owned('property-website', 'Website', 'website'),
      owned('property-ios', 'iOS app', 'app'),
      owned('property-android', 'Android app', 'app'),
      owned('property-partner', 'Partner website', 'website', `${organizationId}-partner`),
    ];
  }

  list({ query }: FakeDidomiRequest): FakeDidomiAnswer {
    const limit = Math.min(wholeNumber(query, '$limit', MAX_LIMIT), MAX_LIMIT);
    const skip = wholeNumber(query, '$skip', 0);
    const owner = query.get('organization_id');
    const found = this.#properties.filter((property) => owner === null || property['organization_id'] === owner);
    return success({ total: found.length, limit, skip, data: found.slice(skip, skip + limit) });
  }
}
