import { afterEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { createServer } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { assertSecureAnswer, InsecureAnswerError } from '../../lib/connection/secure-answer.js';
import { TestProxy } from '../support/test-proxy.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsServer } from '../support/tls-server.js';

const open: { stop(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

function stopLater<T extends { stop(): Promise<void> | void }>(one: T): T {
  open.push(one);
  return one;
}

async function get(url: string, config: AxiosRequestConfig = {}): Promise<AxiosResponse> {
  return await axios.get(url, { maxRedirects: 0, proxy: false, validateStatus: () => true, ...config });
}

function trustingAgent(): HttpsAgent {
  const agent = new HttpsAgent({ ca: TEST_CERTIFICATE, keepAlive: true });
  stopLater({ stop: () => agent.destroy() });
  return agent;
}

describe('an answer for an https: URL', () => {
  it('is believed if it came over TLS, by a new connection or a kept one, read or streamed', async () => {
    const server = stopLater(await TlsServer.start());
    const httpsAgent = trustingAgent();
    for (const responseType of ['json', 'json', 'stream'] as const) {
      const response = await get(`${server.baseURL}/x`, { httpsAgent, responseType });
      expect(() => assertSecureAnswer(response, true)).not.toThrow();
    }
    expect(server.connections).toBe(1);
  });

  it('is believed if its connection is closed already', async () => {
    const server = stopLater(await TlsServer.start());
    const response = await get(`${server.baseURL}/x`, { httpsAgent: new HttpsAgent({ ca: TEST_CERTIFICATE }) });
    await server.stop();
    open.length = 0;
    expect(() => assertSecureAnswer(response, true)).not.toThrow();
  });

  it('is believed if it came through a tunnel of Axios', async () => {
    const [proxy, server] = [stopLater(await TestProxy.start()), stopLater(await TlsServer.start())];
    const response = await get(`https://localhost:${server.port}/v1/x`, {
      httpsAgent: new HttpsAgent({ ca: TEST_CERTIFICATE }),
      proxy: { host: '127.0.0.1', port: proxy.port },
    });
    expect(response.data).toEqual({ path: '/v1/x' });
    expect(() => assertSecureAnswer(response, true)).not.toThrow();
  });

  it.each([201, 401, 403, 502])('is refused if a proxy gave it instead of a tunnel (%d)', async (status) => {
    const proxy = stopLater(await TestProxy.start());
    const body = '{"access_token":"forged"}';
    proxy.onConnect = (socket) =>
      socket.end(`HTTP/1.1 ${status} Whatever\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const response = await get('https://api.didomi.test/x', { proxy: { host: '127.0.0.1', port: proxy.port } });

    expect(response.data).toMatchObject({ access_token: 'forged' });
    expect(() => assertSecureAnswer(response, true)).toThrow(InsecureAnswerError);
  });

  it.each(['json', 'stream'] as const)(
    'is refused, and its connection closed, if it came in clear (%s)',
    async (type) => {
      const server = createServer((_request, response) => response.writeHead(200).end('{}'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      stopLater({ stop: () => new Promise<void>((resolve) => void server.close(() => resolve())) });
      const { port } = server.address() as AddressInfo;
      const httpsAgent = new HttpsAgent({ keepAlive: true });
      // An agent that was meant for http:, for example.
      httpsAgent.createConnection = () => connect(port, '127.0.0.1');
      stopLater({ stop: () => httpsAgent.destroy() });
      const response = await get('https://api.didomi.test/x', { httpsAgent, responseType: type });

      expect(() => assertSecureAnswer(response, true)).toThrow(
        expect.objectContaining({ code: 'ERR_INSECURE_ANSWER' }),
      );
      while (Object.keys({ ...httpsAgent.freeSockets, ...httpsAgent.sockets }).length > 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  );

  it('is let through if no connection can be seen, as with a mock or fetch', () => {
    for (const request of [undefined, null, {}, new Request('https://api.didomi.test')]) {
      expect(() => assertSecureAnswer({ request }, true)).not.toThrow();
    }
  });
});

describe('an answer for an http: URL', () => {
  it('is let through', async () => {
    const server = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(() => assertSecureAnswer(response, false)).not.toThrow();
  });
});
