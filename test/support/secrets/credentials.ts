export const API_KEY = 'canary-api-key';
export const API_SECRET = 'canary-api-secret';
export const PROXY_PASSWORD = 'canary-proxy-password';
/** As the `Proxy-Authorization` header holds it. */
export const PROXY_LOGIN = Buffer.from(`user:${PROXY_PASSWORD}`).toString('base64');
