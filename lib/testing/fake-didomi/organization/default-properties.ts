import type { JsonObject } from '../basics/json.js';

const TIMES = { created_at: '2024-01-15T09:00:00.000Z', updated_at: '2024-06-03T14:30:00.000Z' };

/** Three properties of the organization, and one of another organization to be filtered out. */
export function defaultProperties(organizationId: string): readonly JsonObject[] {
  return [
    { id: 'property-website', name: 'Website', type: 'website', ...TIMES },
    { id: 'property-ios', name: 'iOS app', type: 'app', ...TIMES },
    { id: 'property-android', name: 'Android app', type: 'app', ...TIMES },
    {
      id: 'property-partner',
      organization_id: `${organizationId}-partner`,
      name: 'Partner website',
      type: 'website',
      ...TIMES,
    },
  ];
}
