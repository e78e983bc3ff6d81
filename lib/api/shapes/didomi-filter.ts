/**
 * A filter on one field: a value, `null` for "not set" (the drafts among notice configs are `deployed_at: null`), or operators.
 *
 * @publicApi
 */
export type DidomiFilter<Value> = Value | null | DidomiFilterOperators<Value>;

/**
 * Operators of a filter; all of them must match.
 *
 * @publicApi
 */
export interface DidomiFilterOperators<Value> {
  /** One of these values. Keep the list to 20: common query parsers turn longer ones into an object. */
  readonly $in?: readonly Value[];
  /** None of these values. */
  readonly $nin?: readonly Value[];
  readonly $lt?: Value;
  readonly $lte?: Value;
  readonly $gt?: Value;
  readonly $gte?: Value;
  readonly $ne?: Value | null;
}

type Scalar = string | number | boolean;

/** What a field is compared with: its value, or an item of its list. Objects cannot be compared. */
type Comparable<Field> = Field extends readonly (infer Item extends Scalar)[]
  ? Item
  : Field extends Scalar
    ? Field
    : never;

/** A filter for each field of an entity that can be compared. */
export type DidomiFilters<Entity> = {
  readonly [Name in keyof Entity as [Comparable<Entity[Name]>] extends [never] ? never : Name]?: DidomiFilter<
    Comparable<Entity[Name]>
  >;
};
