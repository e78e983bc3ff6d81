// A child process of its own, so that the clients do not share their event loop with the server. Sends its ports: for http:, and
// for https: with HTTP/1.1 and HTTP/2.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { accessToken } from './no-op-adapter.mjs';
import { CERTIFICATE, KEY } from './certificate.mjs';

const session = JSON.stringify({ access_token: accessToken() });

function answer(request, response) {
  const body = request.url.endsWith('/sessions') ? session : '{"ok":true}';
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

async function listen(server) {
  server.keepAliveTimeout = 120_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

process.on('disconnect', () => process.exit());
const http = await listen(createServer(answer));
const https = await listen(createSecureServer({ key: KEY, cert: CERTIFICATE, allowHTTP1: true }, answer));
process.send({ http, https });
