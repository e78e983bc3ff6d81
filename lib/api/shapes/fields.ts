/** One of the known values, or one that Didomi has added since. */
export type OpenText<Known extends string> = Known | (string & Record<never, never>);

/** A free-form or undocumented object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Dates of an entity. */
export interface Dated {
  /** ISO 8601. */
  readonly created_at?: string;
  /** ISO 8601. */
  readonly updated_at?: string;
}

/** Dates and revision of an entity. */
export interface Versioned extends Dated {
  /** Revision number, incremented by each change. */
  readonly version?: number;
}

/** A body that has to name its organization. */
export interface Owned {
  /** Filled in from the request or the client if absent. */
  readonly organization_id?: string;
}

/** Texts by language code, such as `en`. */
export type Translations = Readonly<Record<string, string>>;

/** The unit of a duration. */
export type DurationUnit = 'months' | 'days' | 'seconds';
