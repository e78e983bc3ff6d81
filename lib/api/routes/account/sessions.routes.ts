/** @publicApi */
export interface Session {
  readonly type: 'api-key' | 'email';
  readonly key: string;
  /** JWT. */
  readonly access_token?: string;
}

/** @publicApi */
export type SessionInput = Pick<Session, 'type' | 'key'> & { readonly secret: string };

/** @publicApi */
export interface PlatformIntegrationSession extends Session {
  readonly type: 'api-key';
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
