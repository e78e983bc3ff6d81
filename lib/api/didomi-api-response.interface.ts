/**
 * A response of Didomi.
 *
 * @publicApi
 */
export interface DidomiApiResponse<Data> {
  /** `undefined` for a response without content. */
  readonly data: Data;
  readonly status: number;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}
