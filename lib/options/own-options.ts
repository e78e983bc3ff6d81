/** The names of a set of options; the compiler checks that none is missing. */
export type OptionNames<Name extends string> = Readonly<Record<Name, true>>;

/**
 * The named options of an object, all of them own properties of the result. A name that only `Object.prototype` knows counts as
 * absent: a careless merge of foreign JSON can put any name there. Getters of a class do count.
 */
export function ownOptions<Name extends string>(given: object, names: OptionNames<Name>): Record<Name, unknown> {
  const entries = Object.keys(names).map((name) => [name, isGiven(given, name) ? Reflect.get(given, name) : undefined]);
  return Object.fromEntries(entries) as Record<Name, unknown>;
}

/** The end of the prototype chain is an `Object.prototype`, of this realm or another one, unless it is the object itself. */
function isGiven(given: object, name: string): boolean {
  let owner: object | null = given;
  while (owner !== null && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner === given || (owner !== null && Object.getPrototypeOf(owner) !== null);
}
