import type { JsonObject, OpenText, Versioned } from '../../shapes/fields.js';
import type { ConsentBehavior, CrossDevice, NoticeElements } from './consent-behavior.interface.js';
import type { MoreConsentModes } from './consent-modes.interface.js';
import type { NoticeRegulationConfig, NoticeRegulationConfigInput } from './notice-regulation-config.interface.js';

/**
 * The platform that a notice is for.
 *
 * @publicApi
 */
export type NoticePlatform = OpenText<'web' | 'amp' | 'mobile' | 'television'>;

/** Fields of both notice configs and SDK configurations. */
export interface NoticeContent {
  readonly platform?: NoticePlatform;
  /** Merged into the SDK configuration. */
  readonly custom_json?: JsonObject;
  /** Configuration of the SDK. */
  readonly config?: JsonObject;
  /** Google's additional vendors: the organization's selection, or Didomi's if `false`. */
  readonly full_atp?: boolean;
  readonly text_mode?: OpenText<'approved' | 'custom'>;
  /** The text of `text_mode: 'approved'`. */
  readonly text_id?: string | null;
  /** Date before which consent is outdated, if `enable_ignore_consent_before` is set. */
  readonly ignore_consent_before?: string | null;
  /** How users can refuse; `null` for not at all. */
  readonly negative_action?: 'button' | 'link' | null;
  /** Name of the data layer for the consent mode of Google. */
  readonly gcm_data_layer_name?: string;
  /** Whether the button that agrees has the focus at first, on televisions. */
  readonly ctv_focus_on_agree_and_close?: boolean;
}

type ConsentStringEncoding = OpenText<'bit_field_2_bits' | 'ranges_u16' | 'ranges_fibonacci'>;

interface NoticeConfigFields extends NoticeContent, ConsentBehavior, MoreConsentModes, NoticeElements {
  readonly notice_id: string;
  /** Whether it applies where no other notice does. Requires empty `targets`. */
  readonly default?: boolean;
  /** Domains or ids of apps; `*` stands for anything. */
  readonly targets?: readonly string[];
  /** `null` for none. */
  readonly template_id?: string | null;
  /** Whether cookies of the SDK are `Secure` on https pages. */
  readonly secure_cookies?: boolean;
  readonly enable_web_view?: boolean;
  readonly consent_string_partners_encoding?: ConsentStringEncoding;
  readonly consent_string_purposes_encoding?: ConsentStringEncoding;
}

/**
 * The configuration of a notice.
 *
 * @publicApi
 */
export interface NoticeConfig extends Versioned, NoticeConfigFields, CrossDevice {
  readonly id: string;
  readonly organization_id: string;
  readonly negative_action_link?: boolean;
  /** As a text, or as a cross. */
  readonly negative_action_link_format?: 'text' | 'cross';
  readonly negative_action_button?: boolean;
  /** GPP is the Global Privacy Platform of the IAB. */
  readonly gpp_enabled?: boolean;
  /** MSPA is the Multi-State Privacy Agreement of the IAB. */
  readonly gpp_mspa_signatory?: boolean;
  readonly gpp_mspa_mode?: 'service_provider' | 'opt_out' | null;
  /** Whether the national consent string of the US is generated. */
  readonly gpp_mspa_generate_usnat_string?: boolean;
  /** ISO 8601; `null` for the draft. */
  readonly deployed_at?: string | null;
  /** Id of who deployed it; `deployed_by_type` says of what kind the id is. */
  readonly deployed_by?: string | null;
  readonly deployed_by_type?: string | null;
  readonly deployed_by_name?: string | null;
  /** Numbers of vendors and purposes. */
  readonly deployed_metadata?: JsonObject | null;
  /** One for each regulation. Needs the header `v: '2'`. */
  readonly regulation_configurations?: readonly NoticeRegulationConfig[];
}

/**
 * Changes of the configuration of a notice.
 *
 * @publicApi
 */
export interface NoticeConfigChanges extends Partial<NoticeConfigFields> {
  readonly id?: string;
  /** Filled in from the request or the client if absent. */
  readonly organization_id?: string;
  /** Version of the SDK that the config is for. */
  readonly sdk_version?: string;
  readonly regulation_configurations?: readonly NoticeRegulationConfigInput[];
}
