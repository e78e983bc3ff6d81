import type { List, Read } from '../../shapes/crud.js';
import type { JsonObject, Owned } from '../../shapes/fields.js';
import type { ConsentBehavior } from './consent-behavior.interface.js';
import type { ConsentModes } from './consent-modes.interface.js';
import type { NoticeContent, NoticePlatform } from './notice-config.interface.js';

/**
 * An SDK configuration that was deployed.
 *
 * @publicApi
 */
export interface NoticeSdkConfig {
  readonly id: string;
  readonly regulation_id: string;
  /** Where it is loaded: countries and regions, such as `FR` and `US_CA`. */
  readonly geo_locations: readonly string[];
  readonly sdk_config: JsonObject;
  /** ISO 8601. */
  readonly created_at: string;
  readonly deployment_id: string;
  readonly notice_id: string;
  readonly notice_config_id: string;
  readonly notice_regulation_config_id: string;
  readonly organization_id: string;
}

/**
 * The configuration that apps load.
 *
 * @publicApi
 */
export interface RemoteSdkConfig {
  readonly organization_public_api_key: string;
  readonly organization_id: string;
  readonly notice_id: string;
  readonly default: string;
  readonly targets: readonly string[];
  readonly platform: string;
  readonly notice_deployment_id: string;
  /** ISO 8601. */
  readonly deployment_time: string;
  readonly environment: string;
  /** JSON as text, for the GDPR. Either this, or `reg_geo` with one of the others. */
  readonly config?: string;
  /** Regulation by country or region. */
  readonly reg_geo?: JsonObject;
  /** JSON as text, by regulation. */
  readonly reg_configs?: JsonObject;
  /** `reg_configs` as gzip in base64. */
  readonly reg_configs_compressed?: string;
}

/**
 * A configuration that Didomi has generated.
 *
 * @publicApi
 */
export interface GeneratedConfig {
  readonly config: JsonObject;
}

/**
 * The settings to generate an SDK configuration from.
 *
 * @publicApi
 */
export interface SdkConfigInput extends Owned, NoticeContent, ConsentBehavior, ConsentModes {
  readonly platform: NoticePlatform;
  readonly config: JsonObject;
  readonly notice_deployment_id?: string;
  readonly sdk_version?: string;
}

/**
 * The SDK configuration to generate a notice configuration from.
 *
 * @publicApi
 */
export interface GeneratedConfigInput extends Owned {
  /** Configuration of the SDK. */
  readonly config: JsonObject;
}

type SdkConfigs = '/widgets/notices/sdk-configs';

export interface SdkConfigsRoutes extends List<SdkConfigs, NoticeSdkConfig>, Read<SdkConfigs, NoticeSdkConfig> {
  'POST /widgets/notices/generators/sdk': { body: SdkConfigInput; response: GeneratedConfig };
  'POST /widgets/notices/generators/configs': { body: GeneratedConfigInput; response: GeneratedConfig };
  /** The body is not documented. */
  'POST /widgets/notices/remote-configs': { body: JsonObject; response: RemoteSdkConfig };
}
