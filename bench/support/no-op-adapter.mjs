import { AxiosHeaders } from 'axios';

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': '11',
  date: 'Thu, 01 Jan 2026 00:00:00 GMT',
  connection: 'keep-alive',
};
const REQUEST = {};

/** An Axios adapter that answers at once. Its responses have the properties of those of Axios' own, in the same order. */
export function noOpAdapter(extraHeaders = {}) {
  const headers = new AxiosHeaders({ ...HEADERS, ...extraHeaders });
  const session = JSON.stringify({ access_token: accessToken() });
  return (config) => {
    const response = { status: 200, statusText: 'OK', headers, config, request: REQUEST, data: undefined };
    response.data = config.url === '/sessions' ? session : '{"ok":true}';
    return Promise.resolve(response);
  };
}

/** A JWT that lives for a day, unsigned. */
export function accessToken() {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iat, exp: iat + 86_400, sub: 'bench' })}.${'s'.repeat(43)}`;
}
