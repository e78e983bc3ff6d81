import type { DidomiListQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { NoticeConfig, NoticeConfigChanges } from './notice-config.interface.js';

/** API version: `1` (default) without regulations, `2` with regulations. */
interface ConfigVersion {
  readonly v?: '1' | '2';
}

/** Without `download`, which returns CSV: use `DidomiHttpService` for that. */
export interface NoticeConfigsRoutes {
  'GET /widgets/notices/configs': {
    headers: ConfigVersion;
    query: DidomiListQuery<NoticeConfig>;
    response: DidomiPage<NoticeConfig>;
    item: NoticeConfig;
  };
  'GET /widgets/notices/configs/{id}': { headers: ConfigVersion; response: NoticeConfig };
  'PATCH /widgets/notices/configs/{id}': { headers: ConfigVersion; body: NoticeConfigChanges; response: NoticeConfig };
}
