import type { Crud, List } from '../../shapes/crud.js';
import type { OpenText, Versioned } from '../../shapes/fields.js';

interface CookieFields {
  readonly name: string;
  /** The domain of the property, or a subdomain. */
  readonly domain: string;
  /** Seconds. */
  readonly lifetime?: number;
  /** In the privacy center. */
  readonly status?: OpenText<'draft' | 'published'>;
  readonly taxonomy_id: string;
  readonly property_id: string;
  readonly vendor_id?: string;
}

/**
 * A cookie that a property sets, as a privacy center shows it.
 *
 * @publicApi
 */
export interface Cookie extends Versioned, Omit<CookieFields, 'domain'> {
  readonly id: string;
  readonly domain?: string;
}

/**
 * A new cookie, or new values of an existing one.
 *
 * @publicApi
 */
export interface CookieInput extends CookieFields {}

interface CookiesQuery {
  readonly property_id?: string;
}

export interface CookiesRoutes
  extends Omit<Crud<'/cookies', Cookie, CookieInput>, 'GET /cookies'>, List<'/cookies', Cookie, CookiesQuery> {}
