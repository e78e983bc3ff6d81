export { DidomiModule } from './didomi.module.js';
export type { DidomiModuleExtras } from './didomi.module-definition.js';
export { DidomiClients } from './clients/didomi-clients.js';
export type { DidomiClient } from './clients/didomi-client.interface.js';
export { DidomiClientsModule } from './clients/didomi-clients.module.js';
export type { DidomiClientsModuleExtras } from './clients/didomi-clients.module-definition.js';
export { DIDOMI_RUNTIME, type DidomiRuntime } from './didomi.runtime.js';
export {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
export { InjectDidomiApi } from './decorators/inject-didomi-api.decorator.js';
export { InjectDidomiAuth } from './decorators/inject-didomi-auth.decorator.js';
export { InjectDidomiHttp } from './decorators/inject-didomi-http.decorator.js';
export type {
  DidomiAxiosOptions,
  DidomiClientOptions,
  DidomiCredentials,
  DidomiCredentialsOptions,
  DidomiKeyOptions,
  DidomiModuleOptions,
  DidomiOptionsFactory,
  DidomiWarmup,
} from './options/didomi-options.interface.js';
export type {
  DidomiClientsOptions,
  DidomiClientsOptionsFactory,
  DidomiOrganizationCredentials,
} from './options/didomi-clients-options.interface.js';
export type { DidomiTransport } from './options/didomi-transport.interface.js';
export type { DidomiRefreshOptions } from './options/didomi-refresh-options.interface.js';
export type { DidomiRetryOptions } from './options/didomi-retry-options.interface.js';
export type { DidomiTokenStore } from './options/didomi-token-store.interface.js';
export { DidomiAuthService } from './auth/didomi-auth.service.js';
export type {
  DidomiAuthPhase,
  DidomiAuthStatus,
  DidomiNextAttemptReason,
  DidomiRequestCounts,
} from './auth/didomi-auth-status.interface.js';
export type {
  DidomiAdoptedEvent,
  DidomiAuthEvent,
  DidomiClientEvent,
  DidomiInvalidatedEvent,
  DidomiRefreshedEvent,
  DidomiRefreshFailedEvent,
  DidomiRefreshTrigger,
  DidomiRejectedEvent,
} from './auth/didomi-auth-event.interface.js';
export type { DidomiTokenRequestTrace } from './auth/didomi-token-request-trace.interface.js';
export { DidomiClock } from './auth/didomi.clock.js';
export { DidomiApi } from './api/didomi-api.js';
export type { DidomiApiOptions } from './api/didomi-api-options.js';
export type { DidomiApiResponse } from './api/didomi-api-response.interface.js';
export type {
  DidomiResponseOf,
  DidomiBodyOf,
  DidomiItemOf,
  DidomiListRoute,
  DidomiQueryOf,
  DidomiRoute,
  DidomiRoutes,
} from './api/didomi-routes.interface.js';
export { importConsentEvents } from './api/import/import-consent-events.js';
export type {
  DidomiImportBatch,
  DidomiImportedEvent,
  DidomiImportOptions,
  DidomiImportProgress,
  DidomiRefusedEvent,
} from './api/import/consent-import.interface.js';
export type { DidomiFilter, DidomiFilterOperators } from './api/shapes/didomi-filter.js';
export type { DidomiListQuery, DidomiSort } from './api/shapes/didomi-list-query.js';
export type { DidomiCursorPage, DidomiPage } from './api/shapes/didomi-page.interface.js';
export type * as Didomi from './api/entities.js';
export { DidomiHttpService } from './http/didomi-http.service.js';
export type {
  DidomiEndedEvent,
  DidomiHttpCall,
  DidomiHttpCallEvent,
  DidomiHttpEvent,
  DidomiReplayedEvent,
  DidomiRetriedEvent,
  DidomiSentEvent,
  DidomiWaitedEvent,
} from './http/events/didomi-http-event.interface.js';
export type { DidomiRequestTrace } from './http/events/didomi-request-trace.interface.js';
export type { DidomiAxiosInstance } from './http/request/didomi-axios-instance.interface.js';
export { didomiPath } from './query/didomi-path.js';
export type {
  DidomiPageConfig,
  DidomiRequestConfig,
  DidomiRequestOptions,
} from './http/request/didomi-request-config.interface.js';
export { DidomiPages } from './http/paging/didomi-pages.js';
export type { DidomiRateLimit } from './headers/rate-limit.js';
export { DidomiExceptionFilter } from './filters/didomi-exception.filter.js';
export type {
  DidomiExceptionFilterOptions,
  DidomiExceptionResponse,
} from './filters/didomi-exception-filter-options.interface.js';
export { DidomiError, type DidomiErrorCode } from './errors/didomi.error.js';
export { DidomiApiError, type DidomiApiErrorResponse } from './errors/didomi-api.error.js';
export { DidomiAuthenticationError, type DidomiAuthenticationReason } from './errors/didomi-authentication.error.js';
export { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
export { DidomiRequestError } from './errors/didomi-request.error.js';
export { DidomiTransportError, type DidomiTransportReason } from './errors/didomi-transport.error.js';
export {
  isDidomiApiError,
  isDidomiAuthenticationError,
  isDidomiConfigurationError,
  isDidomiError,
  isDidomiRequestError,
  isDidomiTransportError,
} from './errors/guards.js';
