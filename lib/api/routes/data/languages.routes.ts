/**
 * The languages of notices: an object, not a list.
 *
 * @publicApi
 */
export interface Languages {
  readonly available: readonly string[];
  /** Fallback for unsupported languages. */
  readonly default: string;
  /** Default country by language. */
  readonly defaultCountries: Readonly<Record<string, string>>;
}

export interface LanguagesRoutes {
  'GET /languages': { response: Languages };
}
