import { describe, expect, it, jest } from '@jest/globals';
import { inspect } from 'node:util';
import { DidomiConfigurationError } from '../../lib/index.js';
import { undiciAdapter } from '../../lib/undici/index.js';
import { errorOf } from '../support/error-of.js';

const CANARY = 'canary-of-the-caller';

function errorFor(options: unknown): DidomiConfigurationError | undefined {
  try {
    undiciAdapter(options as object);
    return undefined;
  } catch (error) {
    return error as DidomiConfigurationError;
  }
}

describe('undiciAdapter()', () => {
  it('accepts every option, and none', () => {
    const connect = { ca: 'ca', cert: 'cert', key: 'key', family: 4, rejectUnauthorized: true };
    for (const options of [
      undefined,
      {},
      { connections: 1, allowH2: true, connect, connectTimeoutMs: 1, keepAliveTimeoutMs: 1 },
      { dispatcher: { dispatch: () => true } },
    ]) {
      expect(errorFor(options)).toBeUndefined();
    }
  });

  it.each<[unknown, string]>([
    [CANARY, 'undici has to be an object'],
    [{ connections: 0 }, 'undici.connections has to be a whole number from 1 to 65535'],
    [{ connections: CANARY }, 'undici.connections has to be a whole number from 1 to 65535'],
    [{ allowH2: CANARY }, 'undici.allowH2 has to be true or false'],
    [{ connect: CANARY }, 'undici.connect has to be an object'],
    [{ connect: () => CANARY }, 'undici.connect has to be an object'],
    [{ connectTimeoutMs: 0 }, 'undici.connectTimeoutMs has to be a whole number from 1 to 2147483647'],
    [{ keepAliveTimeoutMs: 1.5 }, 'undici.keepAliveTimeoutMs has to be a whole number from 1 to 2147483647'],
    [{ dispatcher: CANARY }, 'undici.dispatcher has to be a dispatcher of undici, such as an Agent'],
    [{ keepAliveTimeout: 1 }, 'undici.keepAliveTimeout is not an option: did you mean undici.keepAliveTimeoutMs?'],
    [{ connect: { host: CANARY } }, 'undici.connect.host is taken from baseURL: remove it'],
    [{ connect: { socket: CANARY } }, 'undici.connect.socket could send requests to another server: remove it'],
    [
      { connect: { ALPNProtocols: [CANARY] } },
      'undici.connect.ALPNProtocols is set by the library: write undici.allowH2',
    ],
    [
      { connect: { signal: AbortSignal.abort() } },
      'undici.connect.signal would end connections: use the signal of a request',
    ],
    [{ connect: { onread: {} } }, 'undici.connect.onread would read what undici has to read: remove it'],
    [{ connect: { timeout: 1 } }, 'undici.connect.timeout is not an option: did you mean undici.connectTimeoutMs?'],
  ])('refuses %j', (options, problem) => {
    const error = errorFor(options);
    expect(error).toBeInstanceOf(DidomiConfigurationError);
    expect(error?.problems).toEqual([problem]);
    expect(error?.message).not.toContain(CANARY);
  });

  it.each(['pipelining', 'bodyTimeout', 'headersTimeout', 'socketPath', 'factory', 'maxResponseSize'])(
    'has no option %s',
    (name) => {
      expect(errorFor({ [name]: 1 })?.problems).toEqual([expect.stringMatching(`^undici.${name} is not an option: `)]);
    },
  );

  it('shows no option', () => {
    const adapter = undiciAdapter({ connect: { key: CANARY, passphrase: CANARY } });
    expect(inspect(adapter, { depth: 20, showHidden: true }) + JSON.stringify(adapter)).not.toContain(CANARY);
  });

  it('says what to install where undici cannot be loaded', async () => {
    jest.unstable_mockModule('undici', () => {
      throw Object.assign(new Error(CANARY), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    expect(await errorOf(undiciAdapter().load())).toMatchObject({
      name: 'DidomiConfigurationError',
      problems: ['axios.adapter needs the package undici, which cannot be loaded: npm install undici@7'],
    });
  });

  it('says what to install where undici is older than the handlers that it uses', async () => {
    jest.unstable_mockModule('undici', () => ({ Pool: class {}, Client: class {} }));
    expect(await errorOf(undiciAdapter().load())).toMatchObject({
      name: 'DidomiConfigurationError',
      problems: ['axios.adapter needs undici 7 or 8, and an older one is installed: npm install undici@7'],
    });
  });
});
