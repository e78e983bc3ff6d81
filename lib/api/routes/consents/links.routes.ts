import type { ConsentEventChanges, ConsentEventInput } from './consent-event.interface.js';
import type { OfOrganization } from './consent-terms.js';

/**
 * A link that creates or updates an event when the user opens it.
 *
 * @publicApi
 */
export interface ConsentLink {
  readonly url: string;
}

/**
 * A new link. It creates an event, or updates an existing one.
 *
 * @publicApi
 */
export type ConsentLinkInput = ConsentLinkTarget & (ConsentLinkToCreate | ConsentLinkToUpdate);

interface ConsentLinkToCreate {
  readonly action: 'event.create';
  readonly event: Omit<ConsentEventInput, 'user'> & Partial<Pick<ConsentEventInput, 'user'>>;
}

interface ConsentLinkToUpdate {
  readonly action: 'event.update';
  readonly event: ConsentEventChanges & { readonly id: string };
}

interface ConsentLinkTarget {
  readonly organization_user_id: string;
  /** URL to redirect the user to afterwards. */
  readonly redirect_url: string;
  /**
   * Seconds.
   *
   * @default 900
   */
  readonly lifetime?: number;
}

export interface ConsentLinksRoutes {
  'POST /consents/links': { query: OfOrganization; body: ConsentLinkInput; response: ConsentLink };
}
