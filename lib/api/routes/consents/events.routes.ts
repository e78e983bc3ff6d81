import type { DidomiPageQuery } from '../../shapes/didomi-list-query.js';
import type {
  ConsentEvent,
  ConsentEventChanges,
  ConsentEventInput,
  ConsentEventStatus,
} from './consent-event.interface.js';
import type { ByUser, FullTree, OfOrganization, Regulation, WriteConsents } from './consent-terms.js';

/** Events of one user. By default, only confirmed events of the GDPR. */
export type ConsentEventsQuery = OfOrganization &
  ByUser &
  FullTree &
  DidomiPageQuery & {
    readonly status?: ConsentEventStatus | { readonly $in: readonly ConsentEventStatus[] };
    readonly regulation?: Regulation | { readonly $in: readonly Regulation[] };
  };

/** Filters of the events of one user to delete. Didomi requires at least one besides the user. */
export type ConsentEventsDeletion = OfOrganization &
  ByUser & {
    readonly status?: ConsentEventStatus;
    readonly regulation?: Regulation;
    readonly domain?: string;
    readonly [Field: `metadata.${string}`]: string | number | boolean;
  };

export interface ConsentEventsRoutes {
  'GET /consents/events': {
    query: ConsentEventsQuery;
    /** Only `data` is documented. */
    response: { readonly data: readonly ConsentEvent[] };
    item: ConsentEvent;
  };
  'POST /consents/events': {
    query: OfOrganization & WriteConsents;
    /** One event, or up to 100. */
    body: ConsentEventInput | readonly ConsentEventInput[];
    response: ConsentEvent;
    /** The response to an array is not documented. */
    responseToList: unknown;
  };
  'DELETE /consents/events': { query: ConsentEventsDeletion; response: undefined };
  'GET /consents/events/{id}': { query: OfOrganization & ByUser & FullTree; response: ConsentEvent };
  'PATCH /consents/events/{id}': {
    query: OfOrganization & ByUser;
    body: ConsentEventChanges;
    response: ConsentEvent;
  };
  'DELETE /consents/events/{id}': { query: OfOrganization & ByUser; response: undefined };
}
