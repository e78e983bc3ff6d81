import type { Change, Create, List, Remove, Replace } from '../../shapes/crud.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { JsonObject, Versioned } from '../../shapes/fields.js';

/**
 * A new template, or new values of an existing one.
 *
 * @publicApi
 */
export interface NoticeTemplateInput {
  readonly name?: string;
  /** Notices that have the template. */
  readonly notices_id?: readonly string[];
}

/**
 * A template, which gives several notices a common configuration.
 *
 * @publicApi
 */
export interface NoticeTemplate extends Versioned, NoticeTemplateInput {
  readonly id: string;
  readonly name: string;
  readonly organization_id?: string;
}

/**
 * A new configuration of a template, as a whole.
 *
 * @publicApi
 */
export interface NoticeTemplateConfigInput {
  readonly template_id: string;
  readonly config: NoticeTemplateConfigContent | JsonObject;
}

/**
 * Changes of the configuration of a template.
 *
 * @publicApi
 */
export type NoticeTemplateConfigChanges = Partial<NoticeTemplateConfigInput> &
  Pick<NoticeTemplateConfig, 'regulation_settings'>;

/**
 * The configuration of a template.
 *
 * @publicApi
 */
export interface NoticeTemplateConfig extends Versioned {
  readonly id: string;
  readonly template_id: string;
  readonly organization_id?: string;
  readonly config: NoticeTemplateConfigContent;
  readonly regulation_settings?: { readonly privacySignals?: readonly NoticePrivacySignal[] };
}

/**
 * Configuration of the SDK, as far as templates have it.
 *
 * @publicApi
 */
export interface NoticeTemplateConfigContent {
  readonly app?: {
    /** Ids of purposes that need no consent. */
    readonly essentialPurposes?: readonly string[];
    readonly vendors?: { readonly include?: readonly string[]; readonly iab?: NoticeIabVendors };
  };
  readonly preferences?: { readonly categories?: readonly JsonObject[] };
}

/**
 * The use of IAB TCF and of its vendors.
 *
 * @publicApi
 */
export interface NoticeIabVendors {
  readonly enabled?: boolean;
  /** Version of the TCF: 1 or 2. */
  readonly version?: number;
  /** All vendors of the IAB, but for those in `exclude`. */
  readonly all?: boolean;
  /** Ids of vendors of the IAB. */
  readonly include?: readonly number[];
  /** Ids of vendors to leave out if `all` is true. */
  readonly exclude?: readonly number[];
  readonly restrictions?: readonly NoticeIabRestriction[];
  readonly stacks?: { readonly auto?: boolean; readonly ids?: readonly string[] };
}

/**
 * A publisher's restriction of IAB TCF.
 *
 * @publicApi
 */
export interface NoticeIabRestriction {
  readonly id?: string;
  /** Ids of purposes of the IAB. */
  readonly purposeId?: string | readonly string[];
  readonly restrictionType?: 'allow' | 'disallow' | 'req-consent' | 'req-li';
  /** Whom it applies to. According to the reference, `purposeId` has the ids of the vendors if `restrictionType` is `list`. */
  readonly vendors?: { readonly restrictionType?: 'list' | 'all'; readonly purposeId?: readonly string[] };
}

/**
 * A privacy signal, with the purposes that it applies to.
 *
 * @publicApi
 */
export interface NoticePrivacySignal {
  readonly namespaces?: JsonObject;
  readonly section?: string;
  /** Ids. */
  readonly purposes?: readonly string[];
}

type Templates = '/widgets/notices/templates';
type Configs = '/widgets/notices/templates/configs';

/** According to the reference, a single template or config is returned as a page, unlike in all other families. */
export interface NoticeTemplatesRoutes
  extends
    List<Templates, NoticeTemplate>,
    Create<Templates, NoticeTemplate, NoticeTemplateInput>,
    Replace<Templates, NoticeTemplate, NoticeTemplateInput>,
    Change<Templates, NoticeTemplate, NoticeTemplateInput>,
    Remove<Templates, NoticeTemplate>,
    List<Configs, NoticeTemplateConfig>,
    Replace<Configs, NoticeTemplateConfig, NoticeTemplateConfigInput>,
    Change<Configs, NoticeTemplateConfig, NoticeTemplateConfigChanges>,
    Remove<Configs, NoticeTemplateConfig> {
  'GET /widgets/notices/templates/{id}': { response: NoticeTemplate | DidomiPage<NoticeTemplate> };
  'GET /widgets/notices/templates/configs/{id}': {
    response: NoticeTemplateConfig | DidomiPage<NoticeTemplateConfig>;
  };
}
