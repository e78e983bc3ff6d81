import type { Change, Create, List, Read, Remove } from '../../shapes/crud.js';
import type { Owned, Versioned } from '../../shapes/fields.js';

/**
 * A user of the console, as a member of one organization.
 *
 * @publicApi
 */
export interface Member extends Versioned {
  /** Id of the membership. */
  readonly id: string;
  readonly organization_id: string;
  readonly user_id: string;
  readonly role_id?: string | null;
  readonly authentication_method?: 'email_password' | 'google' | 'microsoft' | 'saml_sso';
  readonly saml_active?: boolean;
}

/**
 * An invitation.
 *
 * @publicApi
 */
export interface MemberInput extends Owned {
  readonly name: string;
  readonly email: string;
}

/**
 * Changes of a membership.
 *
 * @publicApi
 */
export type MemberChanges = Partial<Omit<Member, 'id' | 'created_at' | 'updated_at'>>;

export interface MembersRoutes
  extends
    List<'/members', Member>,
    Create<'/members', Member, MemberInput>,
    Read<'/members', Member>,
    Change<'/members', Member, MemberChanges>,
    Remove<'/members', Member> {}
