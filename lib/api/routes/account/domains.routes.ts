import type { Crud } from '../../shapes/crud.js';
import type { OpenText, Owned, Versioned } from '../../shapes/fields.js';

/**
 * A domain that Didomi serves notices or privacy centers on.
 *
 * @publicApi
 */
export interface Domain extends Versioned, DomainChanges {
  /** Fully qualified domain name. */
  readonly id: string;
  readonly organization_id?: string;
  readonly usage?: DomainUsage;
  /** `custom` is the organization's own, `managed` is one of Didomi's. */
  readonly type?: OpenText<'custom' | 'managed'>;
}

/**
 * What a domain is used for.
 *
 * @publicApi
 */
export type DomainUsage = OpenText<'cmp' | 'privacy-center' | 'preference-center'>;

/**
 * State of provisioning. A domain can be used once it is `ready`; `failed` refers to its deployment or its deletion.
 *
 * @publicApi
 */
export type DomainStatus = OpenText<
  'draft' | 'scheduled' | 'deploying' | 'ready' | 'to_be_deleted' | 'deleting' | 'failed'
>;

/**
 * A new domain.
 *
 * @publicApi
 */
export interface DomainInput extends Owned, DomainChanges {
  /** Fully qualified domain name. */
  readonly id: string;
  readonly usage: DomainUsage;
}

/**
 * The fields of a domain that can change.
 *
 * @publicApi
 */
export interface DomainChanges {
  readonly description?: string;
  /** Disabling removes the domain from the platform, which can break notices and privacy centers. */
  readonly enabled?: boolean;
  /** What uses the domain, such as the id of a preference center. */
  readonly entity_id?: string;
  readonly status?: DomainStatus;
  /** Whether crawlers, such as those of search engines, may visit the domain. */
  readonly bots_crawl?: 'allow_all' | 'disallow_all';
}

export interface DomainsRoutes extends Omit<Crud<'/domains', Domain, DomainInput, DomainChanges>, 'PUT /domains/{id}'> {
  'PUT /domains/{id}': { body: DomainChanges; response: Domain };
}
