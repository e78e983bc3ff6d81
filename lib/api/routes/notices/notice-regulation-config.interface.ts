import type { JsonObject, Owned, Versioned } from '../../shapes/fields.js';
import type { ConsentBehavior, CrossDevice, NoticeElements } from './consent-behavior.interface.js';
import type { MoreConsentModes } from './consent-modes.interface.js';

interface NoticeRegulationConfigFields
  extends Versioned, ConsentBehavior, CrossDevice, MoreConsentModes, NoticeElements {
  readonly regulation_id: string;
  readonly notice_config_id: string;
  /** Whether it is the default of its regulation. */
  readonly is_default_regulation_config?: boolean;
  /** Countries and regions, such as `FR` and `US_CA`, or `*`. */
  readonly geo_locations?: readonly string[];
  readonly regulation_settings?: JsonObject;
  /** Configuration of the SDK. */
  readonly config?: JsonObject;
  /** `null` for none. */
  readonly template_id?: string | null;
  /** As a text, or as a cross. */
  readonly negative_action_link_format?: 'text' | 'cross';
  /** ISO 8601; `null` while it is in use. */
  readonly disabled_at?: string | null;
}

/**
 * The part of a notice config for one regulation.
 *
 * @publicApi
 */
export interface NoticeRegulationConfig extends NoticeRegulationConfigFields {
  readonly id: string;
  readonly organization_id: string;
  /** Whether the national consent string of the US is generated. */
  readonly gpp_mspa_generate_usnat_string?: boolean;
}

/**
 * The part of a notice config for one regulation, to create or change.
 *
 * @publicApi
 */
export interface NoticeRegulationConfigInput extends Owned, NoticeRegulationConfigFields {
  readonly id?: string;
  /** Id of an approved text. */
  readonly text_id?: string;
}
