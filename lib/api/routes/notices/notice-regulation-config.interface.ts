import type { JsonObject, Owned, Versioned } from '../../shapes/fields.js';
import type { ConsentBehavior, CrossDevice, NoticeElements } from './consent-behavior.interface.js';
import type { MoreConsentModes } from './consent-modes.interface.js';

interface NoticeRegulationConfigFields
  extends Versioned, ConsentBehavior, CrossDevice, MoreConsentModes, NoticeElements {
  readonly regulation_id: string;
  readonly notice_config_id: string;
  readonly is_default_regulation_config?: boolean;
  /** Countries and regions, such as `FR` and `US_CA`. */
  readonly geo_locations?: readonly string[];
  readonly regulation_settings?: JsonObject;
  /** Configuration of the SDK. */
  readonly config?: JsonObject;
  /** `null` for none. */
  readonly template_id?: string | null;
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
  readonly gpp_mspa_generate_usnat_string?: boolean;
}

/** @publicApi */
export interface NoticeRegulationConfigInput extends Owned, NoticeRegulationConfigFields {
  readonly id?: string;
  readonly text_id?: string;
}
