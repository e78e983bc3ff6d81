import type { Change, Create, List, Read, Replace } from '../../shapes/crud.js';
import type { Dated, Versioned } from '../../shapes/fields.js';

/**
 * Whether data is processed only after the user has agreed (`opt-in`), or until the user objects (`opt-out`).
 *
 * @publicApi
 */
export type ProcessingRule = 'opt-in' | 'opt-out';

interface PartnerAndPurpose {
  readonly metadata_partner_id: string;
  readonly metadata_purpose_id: string;
}

export type { PartnerAndPurpose };

/**
 * What a partner does for a purpose.
 *
 * @publicApi
 */
export interface PartnerPurpose extends Versioned, PartnerPurposeInput {
  readonly id: string;
  /** Whether it overrides a global one for its organization. */
  readonly is_org_override?: boolean;
  /** Reference to the former {@link PartnerPurposeLink} for consent, if there is one. */
  readonly default_purposes_id?: string | null;
  /** Reference to the former {@link PartnerPurposeLink} for legitimate interest, if there is one. */
  readonly legitimate_interest_purposes_id?: string | null;
}

/**
 * A new pair of partner and purpose.
 *
 * @publicApi
 */
export interface PartnerPurposeInput extends PartnerAndPurpose {
  /** Filled in from the request or the client if absent; `null` for all organizations. */
  readonly organization_id?: string | null;
  /** At least one. */
  readonly processing_rules: readonly ProcessingRule[];
}

/**
 * A purpose of a partner on one legal basis. Superseded by {@link PartnerPurpose}.
 *
 * @publicApi
 */
export interface PartnerPurposeLink extends Dated, PartnerAndPurpose {
  readonly organization_id: string;
  /** Whether it belongs to an organization, though its partner is global. */
  readonly is_org_override?: boolean;
}

/**
 * A new pair of partner and purpose; the route determines the legal basis.
 *
 * @publicApi
 */
export interface PartnerPurposeLinkInput extends PartnerAndPurpose {
  /** Filled in from the request or the client if absent. */
  readonly organization_id?: string;
}

/** A list, and a POST that takes an array. */
type Links<Path extends string> = List<Path, PartnerPurposeLink> & {
  readonly [Route in `POST ${Path}`]: {
    body: readonly PartnerPurposeLinkInput[];
    response: readonly PartnerPurposeLink[];
  };
};

export interface PartnerPurposesRoutes
  extends
    List<'/metadata/partners-purposes', PartnerPurpose>,
    Create<'/metadata/partners-purposes', PartnerPurpose, PartnerPurposeInput>,
    Read<'/metadata/partners-purposes', PartnerPurpose>,
    Replace<'/metadata/partners-purposes', PartnerPurpose, PartnerPurposeInput>,
    Change<'/metadata/partners-purposes', PartnerPurpose, Pick<PartnerPurposeInput, 'processing_rules'>>,
    Links<'/metadata/partners-default-purposes'>,
    Links<'/metadata/partners-legitimate-interest-purposes'>,
    Links<'/metadata/partners-spi-purposes'> {
  'DELETE /metadata/partners-purposes/{id}': { response: { readonly id: string } };
}
