import type { DurationUnit } from '../../shapes/fields.js';

/** How a notice handles consent. */
export interface ConsentBehavior {
  /** Validity of consent, in {@link consent_duration_unit}. */
  readonly consent_duration?: number;
  readonly consent_duration_unit?: DurationUnit;
  /** Whether a complete refusal has its own duration. */
  readonly denied_consent_duration_custom?: boolean;
  /** Validity of a complete refusal, in {@link denied_consent_duration_unit}. */
  readonly denied_consent_duration?: number;
  readonly denied_consent_duration_unit?: DurationUnit;
  /** Whether consent given before `ignore_consent_before` is collected again. */
  readonly enable_ignore_consent_before?: boolean;
  /** Whether a refusal in the notice applies to legitimate interest as well. */
  readonly notice_deny_applies_to_li?: boolean;
  /** Whether a refusal of everything in the preferences applies to legitimate interest as well. */
  readonly preferences_deny_applies_to_li?: boolean;
  /** Style of the button that refuses. */
  readonly disagree_button_style?: 'primary' | 'secondary';
  /** ISO 3166 alpha-2. */
  readonly country?: string;
}

/** Choices across the devices of a user. */
export interface CrossDevice {
  readonly cross_device_enabled?: boolean;
  /** How long the notice waits for synchronization. The unit is not documented. */
  readonly cross_device_timeout?: number;
}

/** The elements of a notice and of its preferences. */
export interface NoticeElements {
  readonly notice_disabled?: boolean;
  readonly notice_active_elements_order?: object;
  readonly dismiss_button_enabled?: boolean;
  readonly preferences_title_enabled?: boolean;
  readonly preferences_cross_button_enabled?: boolean;
  readonly preferences_view_all_partners_button_enabled?: boolean;
  readonly preferences_active_elements_order?: object;
}
