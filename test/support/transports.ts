import type { AxiosAdapter } from 'axios';
import { createHttpAdapter } from '../../lib/connection/http-adapter.js';
import type { DidomiAxiosOptions } from '../../lib/index.js';
import { undiciAdapter } from '../../lib/undici/index.js';
import { sendByUndici } from '../../lib/undici/send-by-undici.js';

export interface TestTransport {
  readonly name: string;
  /** What sends for such a client. */
  readonly adapter: AxiosAdapter;
  /** The option `axios` of a client that sends by it, with further settings. */
  axios(given?: DidomiAxiosOptions): DidomiAxiosOptions;
}

export const HTTP: TestTransport = { name: 'http', adapter: createHttpAdapter(), axios: (given = {}) => given };
export const UNDICI: TestTransport = {
  name: 'undici',
  adapter: sendByUndici,
  axios: (given = {}) => ({ adapter: undiciAdapter(), ...given }),
};

/** What the library promises of a request, it promises of each of these. */
export const TRANSPORTS: readonly TestTransport[] = [HTTP, UNDICI];
