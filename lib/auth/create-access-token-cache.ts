import type { AxiosAdapter } from 'axios';
import type { DidomiConnections } from '../options/didomi-transport.interface.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { AccessTokenCache } from './access-token.cache.js';
import type { AccessTokenEvents } from './access-token.events.js';
import { AccessTokenListeners } from './access-token.listeners.js';
import { AccessTokenLog } from './access-token.log.js';
import { CurrentAccessToken } from './current-access-token.js';
import type { DidomiClock } from './didomi.clock.js';
import { SessionsClient } from './sessions.client.js';
import { SharedAccessTokens } from './store/shared-access-tokens.js';
import { TokenRequestBudget } from './token-request.budget.js';
import { TokenRequestGate } from './token-request.gate.js';
import { TokenRequester } from './token-requester.js';

interface AccessTokenCacheParts {
  readonly adapter: AxiosAdapter;
  readonly agents: DidomiConnections;
  readonly clock: DidomiClock;
  readonly events: AccessTokenEvents;
  readonly name: string | undefined;
  readonly isOffline: boolean | undefined;
}

export function createAccessTokenCache(
  options: ResolvedDidomiOptions,
  { adapter, agents, clock, events, name, isOffline }: AccessTokenCacheParts,
): AccessTokenCache {
  const { baseURL, refresh, maxTokenRequestsPerMinute, tokenRequestTimeoutMs } = options.settings;
  const windows = { windowMs: refresh.windowMs, leewayMs: refresh.leewayMs, share: Math.random() };
  const current = new CurrentAccessToken();
  const log = new AccessTokenLog(name, clock);
  // Without a network there is no store either: it could hold access tokens of the real Didomi, and would get those of a test.
  const sharing = isOffline ? undefined : options.sharing();
  const shared =
    sharing &&
    new SharedAccessTokens({ sharing, baseURL, current, windows, clock, log, timeoutMs: tokenRequestTimeoutMs });
  return new AccessTokenCache(
    new TokenRequester(options, new SessionsClient(options, adapter, clock, agents), clock, shared, name),
    new TokenRequestGate(new TokenRequestBudget(maxTokenRequestsPerMinute), options.credentialsCanChange),
    clock,
    windows,
    new AccessTokenListeners([log, events]),
    tokenRequestTimeoutMs,
    current,
  );
}
