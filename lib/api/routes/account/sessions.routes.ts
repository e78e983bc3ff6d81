/**
 * The result of signing in with an API key, or as a user of the console. Didomi's reference lists `type` and `key`; its
 * documentation shows a response without them.
 *
 * @publicApi
 */
export interface Session {
  readonly type?: 'api-key' | 'email';
  /** Id of the API key, or an e-mail address. */
  readonly key?: string;
  /** JWT, valid for one hour: keep it out of logs. */
  readonly access_token?: string;
}

/**
 * Credentials: an API key and its secret, or an e-mail address and a password.
 *
 * @publicApi
 */
export type SessionInput = Required<Pick<Session, 'type' | 'key'>> & { readonly secret: string };

/**
 * A session of an e-commerce platform, such as Shopify.
 *
 * @publicApi
 */
export interface PlatformIntegrationSession extends Session {
  readonly type: 'api-key';
  readonly key: string;
  readonly access_token: string;
  readonly platform_integration_id: string;
}

/** For access tokens of other keys and of platform integrations: the client requests its own access tokens by itself. */
export interface SessionsRoutes {
  'POST /sessions': { body: SessionInput; response: Session };
  'GET /sessions/{id}': { response: Session };
  'POST /platform-integrations/sessions': {
    /** A session token of the platform. */
    headers: { readonly 'X-Shopify-Authorization': string };
    response: PlatformIntegrationSession;
  };
}
