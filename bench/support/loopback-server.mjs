// A child process of its own, so that the clients do not share their event loop with the server. Sends its ports, by protocol. It
// does as little as it can for each request, since the clients are to be measured.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { accessToken } from './no-op-adapter.mjs';
import { CERTIFICATE, KEY } from './certificate.mjs';

const session = JSON.stringify({ access_token: accessToken() });

const bodyFor = (path) => (path.endsWith('/sessions') ? session : '{"ok":true}');

const headersFor = (body) => ({
  'content-type': 'application/json; charset=utf-8',
  'content-length': body.length,
});

function answer(request, response) {
  const body = bodyFor(request.url);
  request.resume();
  response.writeHead(200, headersFor(body));
  response.end(body);
}

function answerStream(stream, { ':path': path }) {
  const body = bodyFor(path);
  stream.resume();
  stream.respond({ ':status': 200, ...headersFor(body) });
  stream.end(body);
}

async function listen(server) {
  server.keepAliveTimeout = 120_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

process.on('disconnect', () => process.exit());
const http = await listen(createServer(answer));
const tls = { key: KEY, cert: CERTIFICATE };
const https = await listen(createTlsServer(tls, answer));
const http2 = await listen(createSecureServer(tls).on('stream', answerStream));
process.send({ http, https, http2 });
