import { describe, expect, it } from '@jest/globals';
import { PassThrough, Stream } from 'node:stream';
import { createClient } from '../../support/create-client.js';
import { DidomiStub, type StubAnswer } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';
import { Loopback, stubWithNetwork } from '../../support/loopback.js';
import { TRANSPORTS } from '../../support/transports.js';

/** A stream as packages bring it along that have a class of their own. */
class ForeignStream extends Stream {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
  }
}

describe('a request body', () => {
  it.each([
    ['of Node.js', () => new PassThrough()],
    ['of another class', () => new ForeignStream()],
  ])(
    'that is a stream %s and fails while the request waits ends the request, not the process',
    async (_title, make) => {
      const stub = new DidomiStub();
      const { http } = await createClient({}, { stub });
      let answer = (_answer: StubAnswer): void => undefined;
      stub.onTokenRequest = () => new Promise((resolve) => (answer = resolve));
      const body = make();
      const failing = errorOf(http.axiosRef.post('/x', body));
      await settled();
      body.emit('error', new Error('the disk is gone'));
      expect(await failing).toMatchObject({
        code: 'DIDOMI_REQUEST',
        message: 'The body of the request is a stream that failed or was closed before it was sent',
      });
      // Later, when nobody waits any more.
      body.emit('error', new Error('again'));
      answer({ status: 200, data: { access_token: 't' } });
      expect(stub.apiRequests).toEqual([]);
      expect(body.destroyed).toBe(true);
    },
  );

  it.each(TRANSPORTS)('that is a part of a buffer is sent without the rest of it, over $name', async (transport) => {
    const didomi = await Loopback.start();
    const { http } = await createClient(
      { baseURL: `${didomi.origin}/v1`, axios: transport.axios() },
      { stub: stubWithNetwork(transport) },
    );
    const { buffer } = new TextEncoder().encode('hidden|sent|hidden');
    for (const view of [new Uint8Array(buffer, 7, 4), new DataView(buffer, 7, 4), Buffer.from(buffer, 7, 4)]) {
      await http.axiosRef.post('/x', view);
    }
    await http.axiosRef.post('/x', new Uint8Array(buffer, 7, 4), { adapter: 'fetch' });
    expect(didomi.requests.map(({ body }) => body)).toEqual(['sent', 'sent', 'sent', 'sent']);
  });
});
