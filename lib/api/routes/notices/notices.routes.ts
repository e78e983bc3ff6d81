import type { Crud } from '../../shapes/crud.js';
import type { Owned, Versioned } from '../../shapes/fields.js';

interface NoticeFields {
  /** Internal name. */
  readonly name: string;
  /** ISO 8601; `null` while the notice is in use. */
  readonly archived_at?: string | null;
  readonly privacy_experience_id?: string;
  readonly environment?: string;
  /** The system that the notice was imported from. */
  readonly external_source?: string;
  /** Its id there. */
  readonly external_id?: string;
}

/**
 * A consent notice. What it shows is in its configs: one draft, and those that were deployed.
 *
 * @publicApi
 */
export interface Notice extends Versioned, NoticeFields {
  readonly id: string;
  readonly organization_id: string;
}

/**
 * A new notice, or new values of an existing one.
 *
 * @publicApi
 */
export interface NoticeInput extends Owned, NoticeFields {}

export interface NoticesRoutes extends Omit<Crud<'/widgets/notices', Notice, NoticeInput>, 'POST /widgets/notices'> {
  'POST /widgets/notices': {
    /** `duplicate` is the id of a notice to copy. */
    query: { readonly duplicate?: string };
    body: NoticeInput;
    response: Notice;
  };
}
