import type { Change, Create, Crud, List, Read, Remove, Replace } from '../../shapes/crud.js';
import type { DidomiListQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { Dated, JsonObject, OpenText, Translations } from '../../shapes/fields.js';

interface PurposeFields {
  /** The name of the purpose. */
  readonly description?: Translations;
  readonly details?: Translations;
  /** What it means for a user who has agreed. */
  readonly enabled_status_description?: Translations;
  /** What it means for a user who has refused. */
  readonly disabled_status_description?: Translations;
  /** Number in an official classification, such as the CNIL's. */
  readonly reference?: JsonObject;
  /** The owner; `null` for a purpose of all organizations. */
  readonly organization_id?: string | null;
  readonly namespaces?: PurposeNamespaces;
  /** Ids of the regulations that it is used for. */
  readonly regulations_id?: readonly string[];
  /** Free-form. */
  readonly metadata?: JsonObject;
}

/**
 * Ids of a purpose in the lists of others.
 *
 * @publicApi
 */
export interface PurposeNamespaces {
  /** IAB TCF 1. */
  readonly iab?: string;
  /** IAB TCF 2; not beside `iab2_special_feature`. */
  readonly iab2?: string;
  readonly iab2_special_feature?: string;
  /** SDK of Didomi. */
  readonly didomi?: string;
  readonly custom?: string;
}

/**
 * A reason to process personal data, which users agree to or refuse.
 *
 * @publicApi
 */
export interface Purpose extends Dated, PurposeFields {
  readonly id: string;
  /**
   * @default 'purpose'
   */
  readonly type?: OpenText<'purpose'>;
}

/**
 * A new purpose.
 *
 * @publicApi
 */
export interface PurposeInput extends PurposeFields {
  /**
   * @default 'purpose'
   */
  readonly type?: OpenText<'purpose'>;
}

/**
 * Changes of a purpose.
 *
 * @publicApi
 */
export interface PurposeChanges extends PurposeFields {}

interface PurposeGroupFields {
  readonly name: string;
  readonly description?: string;
  /** `iab2` is the id of a stack in IAB TCF 2. */
  readonly namespaces?: { readonly iab2?: string };
  readonly purposes_id?: readonly string[];
  /** The owner; `null` for a group of all organizations. */
  readonly organization_id?: string | null;
}

/**
 * A named group of purposes.
 *
 * @publicApi
 */
export interface PurposeGroup extends Dated, PurposeGroupFields {
  readonly id: string;
}

/**
 * A new group of purposes, or new values of an existing one.
 *
 * @publicApi
 */
export interface PurposeGroupInput extends PurposeGroupFields {}

type Purposes = '/metadata/purposes';

export interface PurposesRoutes
  extends
    Create<Purposes, Purpose, PurposeInput>,
    Read<Purposes, Purpose>,
    Replace<Purposes, Purpose, PurposeChanges>,
    Change<Purposes, Purpose, PurposeChanges>,
    Remove<Purposes, Purpose>,
    List<'/metadata/purposes/restrictions', Purpose, { readonly organization_id?: string }>,
    Crud<'/metadata/purposes-groups', PurposeGroup, PurposeGroupInput> {
  'GET /metadata/purposes': {
    /** `$translations` answers the texts in all languages. */
    query: DidomiListQuery<Purpose> & { readonly $translations?: boolean };
    response: DidomiPage<Purpose>;
    item: Purpose;
  };
}
