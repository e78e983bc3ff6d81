import type { List } from '../../shapes/crud.js';
import type { Dated, JsonObject, OpenText } from '../../shapes/fields.js';

/**
 * How far the handling of a request is. `unverified` means that the user has not confirmed it yet.
 *
 * @publicApi
 */
export type PrivacyRequestStatus =
  'unverified' | 'verified' | 'work_in_progress' | 'fulfilled' | 'archived' | 'refused';

/**
 * A new request of an end user.
 *
 * @publicApi
 */
export interface PrivacyRequestInput {
  /** An e-mail address, if Didomi has to send e-mails. */
  readonly organization_user_id: string;
  readonly user_right_id: OpenText<'cpra_access_my_data' | 'cpra_delete_my_data' | 'cpra_opt_out'>;
  /** `unverified` makes Didomi send a confirmation e-mail. */
  readonly status: PrivacyRequestStatus;
  /** `email` is required for e-mails to the user. */
  readonly request_fields?: readonly { readonly field_id: OpenText<'email'>; readonly value: string }[];
  /** Details of the user, if `organization_user_id` is new. */
  readonly user?: {
    readonly id?: string;
    readonly email?: string;
    readonly metadata?: JsonObject;
    readonly country?: string;
  };
  readonly source: { readonly type: OpenText<'DSAR'>; readonly country?: string };
}

/**
 * A request of an end user for access, deletion or opt-out. Documented by examples only, so most of it is optional.
 *
 * @publicApi
 */
export interface PrivacyRequest extends Dated, Partial<PrivacyRequestInput> {
  readonly id: string;
  readonly organization_id?: string;
}

/**
 * A note on a request.
 *
 * @publicApi
 */
export interface PrivacyRequestNote extends Dated {
  readonly id: string;
  readonly organization_id: string;
  readonly request_id: string;
  readonly value: string;
  readonly user_id?: string;
  readonly user?: { readonly name?: string };
}

/**
 * A new note on a request.
 *
 * @publicApi
 */
export type PrivacyRequestNoteInput = Pick<PrivacyRequestNote, 'request_id' | 'value'>;

/**
 * A link that changes the status of a request when the user opens it.
 *
 * @publicApi
 */
export interface PrivacyRequestLinkInput {
  readonly action: 'request.update';
  readonly event: { readonly request_id: string; readonly status: PrivacyRequestStatus };
  /** URL to redirect the user to afterwards. */
  readonly redirect_url: string;
  /**
   * Seconds.
   *
   * @default 900
   */
  readonly lifetime?: number;
}

/** These routes are not below `/v1`. */
export interface PrivacyRequestsRoutes extends List<'/dsar/requests', PrivacyRequest> {
  'POST /dsar/requests': { body: PrivacyRequestInput; response: PrivacyRequest };
  'GET /dsar/requests/{id}': { response: PrivacyRequest };
  'PATCH /dsar/requests/{id}': { body: Partial<PrivacyRequestInput>; response: PrivacyRequest };
  'GET /dsar/requests/notes': {
    query: { readonly request_id?: string };
    response: readonly PrivacyRequestNote[];
    item: PrivacyRequestNote;
  };
  'POST /dsar/requests/notes': { body: PrivacyRequestNoteInput; response: PrivacyRequestNote };
  'POST /dsar/links': { body: PrivacyRequestLinkInput; response: { readonly url: string } };
}
