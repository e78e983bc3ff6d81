import { beforeEach, describe, expect, it } from '@jest/globals';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { undiciAdapter } from '../../lib/undici/index.js';
import { afterTest } from '../support/after-test.js';
import { errorOf } from '../support/error-of.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsEchoServer } from '../support/tls-echo-server.js';
import { TRANSPORTS } from '../support/transports.js';

const POSTS = 1_000;
const CALLERS = 20;
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\n{}';
const LOGIN = '{"access_token":"access-token-canary"}';

/** How often each POST arrived, by its id. */
let arrived: Map<number, number>;
let client: NetworkClient;

beforeEach(() => {
  arrived = new Map();
});

/** Closed before the server, which would wait for its connections. */
async function start(...parameters: Parameters<typeof networkClient>): Promise<void> {
  client = await networkClient(...parameters);
  afterTest(() => client.app.close());
}

function count(url: string): void {
  const id = Number(/id=(\d+)/.exec(url)?.[1]);
  arrived.set(id, (arrived.get(id) ?? 0) + 1);
}

/** Callers who each send a GET, and a POST as soon as it is answered: over the connection that has just become free. */
async function sendAll(): Promise<{ answered: number[]; reported: number[] }> {
  const answered: number[] = [];
  const reported: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < POSTS) {
      const id = (next += 1);
      await errorOf(client.http.axiosRef.get('/x'));
      await client.http.axiosRef.post('/x', { id }, { params: { id } }).then(
        () => answered.push(id),
        (error: { name: string; attempts: number }) => {
          expect(error).toMatchObject({ name: 'DidomiTransportError', attempts: 1 });
          reported.push(id);
        },
      );
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { answered, reported };
}

/** What must not be: POSTs that arrived more than once, that were answered without arriving, or that nobody was told of. */
function wrongs({ answered, reported }: { answered: number[]; reported: number[] }): object {
  return {
    twice: [...arrived.values()].filter((times) => times > 1),
    forged: answered.filter((id) => !arrived.has(id)),
    lost: POSTS - answered.length - reported.length,
  };
}

/** A server that closes its connections at one moment or another around the arrival of a POST. */
async function startServer(close: (socket: Socket, isPost: boolean, nth: number) => boolean): Promise<string> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const line = text.slice(0, text.indexOf('\r\n'));
        text = text.slice(end + 4 + length);
        if (line.includes('/sessions')) {
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${LOGIN.length}\r\n\r\n${LOGIN}`);
          continue;
        }
        const isPost = line.startsWith('POST');
        if (isPost) count(line);
        requests += 1;
        if (close(socket, isPost, requests)) return;
        socket.write(ANSWER);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

describe.each(TRANSPORTS)('over $name, each of 1,000 POSTs arrives at most once, or is reported', (transport) => {
  it.each<[string, (socket: Socket, isPost: boolean, nth: number) => boolean]>([
    [
      'when it arrives',
      (socket, isPost) => {
        if (isPost) socket.destroy();
        return isPost;
      },
    ],
    [
      'with a FIN when it arrives',
      (socket, isPost) => {
        if (isPost) socket.end();
        return isPost;
      },
    ],
    [
      'with the answer before it',
      (socket, isPost, nth) => {
        if (!isPost && nth % 2 === 0) socket.end(ANSWER);
        return !isPost && nth % 2 === 0;
      },
    ],
    [
      'a moment after the answer before it',
      (socket, isPost, nth) => {
        if (isPost) return false;
        let turns = nth % 5;
        const close = (): void => {
          if (turns === 0) return void (nth % 2 === 0 ? socket.destroy() : socket.resetAndDestroy());
          turns -= 1;
          setImmediate(close);
        };
        setImmediate(close);
        return false;
      },
    ],
    [
      'in the middle of its answer',
      (socket, isPost, nth) => {
        if (!isPost) return false;
        socket.write(ANSWER.slice(0, nth % ANSWER.length), () => socket.destroy());
        return true;
      },
    ],
  ])('where the server closes the kept-alive connection %s', async (_when, close) => {
    const baseURL = await startServer(close);
    await start({ baseURL }, {}, transport);
    expect(wrongs(await sendAll())).toEqual({ twice: [], forged: [], lost: 0 });
  });
});

/** What has not been answered by then never will be. */
function endSoon({ session }: ServerHttp2Stream): void {
  setImmediate(() => setImmediate(() => session?.destroy()));
}

describe('over undici and HTTP/2, each of 1,000 POSTs arrives at most once, or is reported', () => {
  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['destroys the connection', ({ session }) => session?.destroy()],
    ['sends GOAWAY', (stream) => (stream.session?.close(), endSoon(stream))],
    [
      'sends GOAWAY for streams before it',
      (stream) => (stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id! - 2), endSoon(stream)),
    ],
    ['refuses the stream', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['resets the stream', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
  ])('where the server %s when it arrives', async (_what, end) => {
    const tls = await TlsEchoServer.start();
    afterTest(() => tls.stop());
    let posts = 0;
    tls.onApiRequest = ({ method, path }, response) => {
      if (method === 'POST') {
        count(path);
        posts += 1;
        if (posts % 3 === 0) return end(response.stream);
      }
      if (!response.stream.destroyed) response.end('{}');
    };
    const adapter = undiciAdapter({ allowH2: true, connect: { ca: TEST_CERTIFICATE } });
    await start(tls, { axios: { adapter } });
    expect(wrongs(await sendAll())).toEqual({ twice: [], forged: [], lost: 0 });
  });
});
