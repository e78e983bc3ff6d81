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
