// A child process of its own, so that the clients do not share their event loop with the server.
import { createServer } from 'node:http';
import { accessToken } from './no-op-adapter.mjs';

const session = JSON.stringify({ access_token: accessToken() });

const server = createServer((request, response) => {
  const body = request.url.endsWith('/sessions') ? session : '{"ok":true}';
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
