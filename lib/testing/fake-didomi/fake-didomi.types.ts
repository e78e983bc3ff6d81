import type { IncomingHttpHeaders } from 'node:http';

/** How a {@link FakeDidomi} is set up; everything has a default. */
export interface FakeDidomiOptions {
  /**
   * TCP port to listen on; `0` takes any free one.
   * @default 0
   */
  readonly port?: number | undefined;
  /**
   * Address to listen on, also the host of `baseURL`; with `0.0.0.0` or `::`, which mean all addresses of the machine,
   * `baseURL` has a loopback address.
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined;
  /**
   * The API key that a token request must present.
   * @default 'fake-api-key'
   */
  readonly apiKey?: string | undefined;
  /**
   * The API secret that a token request must present.
   * @default 'fake-api-secret'
   */
  readonly apiSecret?: string | undefined;
  /**
   * The organization that owns the API key, and what is seeded without another one.
   * @default 'fake-organization'
   */
  readonly organizationId?: string | undefined;
  /**
   * Other organizations that the API key has access to, besides those of anything seeded. A request that names yet another
   * one, in its query or in its body, is answered with a 403. Whether a key of Didomi reaches other organizations, and
   * what Didomi answers if not, is not documented: `'any'` accepts every organization.
   * @default []
   */
  readonly organizations?: readonly string[] | 'any' | undefined;
  /**
   * Whether paths without `/v1` are served as well; if not, they are answered with a 404, so that a `baseURL` without it
   * is noticed. Didomi documents `/v1`, but some pages of its documentation leave it out.
   * @default false
   */
  readonly allowUnversionedPaths?: boolean | undefined;
  /**
   * Lifetime of access tokens, in milliseconds.
   * @default 3_600_000
   */
  readonly accessTokenLifetimeMs?: number | undefined;
  /**
   * The current moment in epoch milliseconds, for tests with a clock of their own.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
  /**
   * How many requests each organization may send in a window, which begins with the first one it counts; `false` for no
   * limit and none of its headers. `limit` is a number of requests, `windowMs` a number of milliseconds by the `now`
   * option, which `clockOffsetMs` does not shift: a clock that is wrong does not make time pass.
   *
   * As at Didomi, `/consents/*` does not count, except `GET /consents/users` and `GET /consents/users/{id}` with
   * `$include_full_tree=true`. Nor do token requests, requests without a live access token, and scripted answers.
   * Whether Didomi counts token requests is not documented.
   * @default { limit: 100, windowMs: 15_000 }
   */
  readonly rateLimit?: { readonly limit?: number; readonly windowMs?: number } | false | undefined;
  /**
   * What is stored at the start and after each `reset()`. A kind that is given takes the place of the default.
   * @default four properties
   */
  readonly seed?: FakeDidomiSeed | undefined;
  /**
   * Whether `requests` holds what was received. `false` saves the memory where a fake runs for long.
   * @default true
   */
  readonly recordRequests?: boolean | undefined;
  /**
   * Gets one line for each request once it is over, such as `GET /v1/properties 200 3 ms`: without the query, and with
   * everything masked that may be an id or a secret.
   */
  readonly log?: ((line: string) => void) | undefined;
}

/** One request as the fake received it. Holds whatever the client sent, credentials included. */
export interface FakeDidomiRequest {
  /** HTTP method in capitals. */
  readonly method: string;
  /** Path as sent, `/v1` included, without the query. */
  readonly path: string;
  /** Decoded query. */
  readonly query: URLSearchParams;
  /** Headers, their names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Parsed JSON if the content type says JSON and the text is JSON, else the text; `undefined` without a body. */
  readonly body: unknown;
  /** HTTP status of the answer; `undefined` while there is none, and for good after a hang or a reset. */
  readonly status: number | undefined;
  /** Arrival in epoch milliseconds by the `now` option, not shifted by `clockOffsetMs`. */
  readonly receivedAt: number;
}

/** Claims that {@link FakeDidomi} puts into an access token unless told otherwise. */
export interface FakeDidomiAccessTokenClaims {
  /** Moment of issue, epoch seconds by the fake's clock. */
  readonly iat: number;
  /** Expiry, epoch seconds by the fake's clock. */
  readonly exp: number;
  /** Makes two access tokens of the same second differ. */
  readonly jti: string;
}

/**
 * Which requests a script concerns: the token requests, all others, or those with the given method and path. A path
 * is compared without its query, and matches with and without `/v1`.
 */
export type FakeDidomiMatch = 'token-requests' | 'api-requests' | { readonly method?: string; readonly path?: string };

/** May accompany any other fault: milliseconds to wait before the answer leaves. */
interface Delayed {
  readonly latencyMs?: number;
}

/**
 * What happens to a request instead of, or before, the usual answer:
 *
 * - `{ status, body?, headers? }` answers that: a string body as it is, anything else as JSON. A 4xx or 5xx without a
 *   `body` gets Didomi's error envelope; `body: ''` sends none.
 * - `{ latencyMs }` decides on the usual answer at once and delivers it late.
 * - `{ hang: true }` never answers.
 * - `{ reset: true }` resets the connection; the client sees `ECONNRESET`.
 * - `{ html: true, status? }` answers a gateway's HTML page, status 502 by default.
 * - `{ redirectTo, status? }` redirects, status 307 by default.
 * - `{ accessToken }` answers a token request with this value as `access_token`, whatever the credentials; `undefined`
 *   leaves the property out. A string that was never issued before is accepted as an access token from then on; one
 *   that was issued before keeps its expiry or revocation. Other requests are answered as usual.
 * - a function picks one of these by the request, or `undefined` for the usual answer.
 */
export type FakeDidomiFault =
  | ({
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } & Delayed)
  | { readonly latencyMs: number }
  | ({ readonly hang: true } & Delayed)
  | ({ readonly reset: true } & Delayed)
  | ({ readonly html: true; readonly status?: number } & Delayed)
  | ({ readonly redirectTo: string; readonly status?: number } & Delayed)
  | ({ readonly accessToken: unknown } & Delayed)
  | ((request: FakeDidomiRequest) => FakeDidomiFault | undefined);

/**
 * What a {@link FakeDidomi} starts with, or is given later. An entity needs only the fields that matter: `id` is random,
 * `organization_id` that of the fake, and dates are now unless they are given.
 */
export interface FakeDidomiSeed {
  /** Websites and apps. Default: three of the fake's organization and one of another. */
  readonly properties?: readonly object[];
  /** Consent notices, each with an empty draft config unless `noticeConfigs` holds one for it. Default: none. */
  readonly notices?: readonly object[];
  /** Configs of notices, by `notice_id`; drafts unless `deployed_at` is given. Default: none. */
  readonly noticeConfigs?: readonly object[];
  /** Users as `POST /consents/users` takes them. Default: none. */
  readonly consentUsers?: readonly object[];
  /** Events as `POST /consents/events` takes them; they create and update users. Default: none. */
  readonly consentEvents?: readonly object[];
  /** What `GET /config-trees` lists. Default: none. */
  readonly configTrees?: readonly object[];
  /** What `GET /widgets/deployments` lists. Default: none. */
  readonly widgetDeployments?: readonly object[];
}

/** What a {@link FakeDidomi} holds, by kind, in the order of creation: copies, as Didomi would answer them. */
export interface FakeDidomiState {
  readonly properties: readonly FakeDidomiStateEntity[];
  readonly notices: readonly FakeDidomiStateEntity[];
  readonly noticeConfigs: readonly FakeDidomiStateEntity[];
  readonly noticeDeployments: readonly FakeDidomiStateEntity[];
  readonly consentEvents: readonly FakeDidomiStateEntity[];
  /** Every user once for each regulation under which anything is recorded. */
  readonly consentUsers: readonly FakeDidomiStateEntity[];
  readonly consentProofs: readonly FakeDidomiStateEntity[];
  readonly configTrees: readonly FakeDidomiStateEntity[];
  readonly widgetDeployments: readonly FakeDidomiStateEntity[];
  /** Without the API secrets. */
  readonly apiKeys: readonly FakeDidomiStateEntity[];
}

interface FakeDidomiStateEntity {
  readonly id: string;
  readonly organization_id: string;
  readonly [field: string]: unknown;
}
