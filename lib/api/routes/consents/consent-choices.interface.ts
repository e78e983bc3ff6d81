import type { JsonObject } from '../../shapes/fields.js';

/**
 * Choices of a user. `null` means that no choice was made, as opposed to `false`.
 *
 * @publicApi
 */
export interface ConsentChoices {
  readonly channels?: readonly ConsentChannel[];
  readonly purposes?: readonly ConsentPurpose[];
  readonly vendors?: ConsentVendors;
  /** IAB TCF consent string. */
  readonly tcfcs?: string;
}

/**
 * The choice for one purpose.
 *
 * @publicApi
 */
export interface ConsentPurpose {
  /** Organizations that validate ids get a 400 for an unknown one. */
  readonly id: string;
  /** Consent: given, refused, or `null` for no choice. */
  readonly enabled?: boolean | null;
  /** Legitimate interest: accepted, objected to, or `null` for no choice. */
  readonly enabled_li?: boolean | null;
  /** Free-form. */
  readonly metadata?: JsonObject;
  /** Selected values, by preference id. */
  readonly values?: Readonly<Record<string, ConsentPreferenceValue>>;
  /** @deprecated by Didomi: channels belong to {@link ConsentChoices}. */
  readonly channels?: readonly ConsentChannel[];
  /** @deprecated by Didomi in favour of `values`. */
  readonly preferences?: readonly ConsentPreference[];
}

/**
 * The selected values of one preference.
 *
 * @publicApi
 */
export interface ConsentPreferenceValue {
  /** Ids of the selected values, separated by commas. */
  readonly value: string;
}

/**
 * The choice for one channel of communication, such as e-mail.
 *
 * @publicApi
 */
export interface ConsentChannel {
  readonly id: string;
  /** Consent: given, refused, or `null` for no choice. */
  readonly enabled?: boolean | null;
  /** Free-form. */
  readonly metadata?: JsonObject;
}

/**
 * The choice for one preference, in the deprecated form.
 *
 * @publicApi
 */
export interface ConsentPreference extends ConsentChannel {
  readonly channels?: readonly ConsentChannel[];
}

/**
 * Vendor ids by choice; `_li` for legitimate interest.
 *
 * @publicApi
 */
export interface ConsentVendors {
  readonly enabled?: readonly string[];
  readonly enabled_li?: readonly string[];
  readonly disabled?: readonly string[];
  readonly disabled_li?: readonly string[];
}
