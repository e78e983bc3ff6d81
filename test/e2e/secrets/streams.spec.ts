import { describe, expect, it } from '@jest/globals';
import axios, { type CancelTokenSource } from 'axios';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { DidomiRequestConfig } from '../../../lib/index.js';
import { SET_UPS, startClient, type Client } from '../../support/secrets/clients.js';
import { leaksOf, reachable } from '../../support/secrets/leaks.js';
import { didomi, proxy } from '../../support/secrets/servers.js';

/** How a streamed answer can fail after its headers. */
const BROKEN_STREAMS: Readonly<
  Record<
    string,
    {
      readonly config?: DidomiRequestConfig;
      readonly how: (parts: { client: Client; abort: AbortController; source: CancelTokenSource }) => unknown;
      readonly expected: object;
    }
  >
> = {
  'it is aborted': {
    how: ({ abort }) => abort.abort(new Error('of the caller')),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted', method: 'GET', path: '/v1/properties', attempts: 1 },
  },
  'it is aborted by a cancel token': {
    how: ({ source }) => source.cancel(),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted', path: '/v1/properties', attempts: 1 },
  },
  'its connection breaks': {
    how: () => (proxy.closeAllConnections(), didomi.stop()),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'reset', attempts: 1 },
  },
  'the application stops': {
    how: ({ client }) => client.app.close(),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'closed' },
  },
  'it is too large': {
    config: { maxContentLength: 1_000 },
    how: () => undefined,
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'unknown', path: '/v1/properties', attempts: 1 },
  },
};

describe('no secret', () => {
  describe.each(Object.keys(SET_UPS))('with %s', (setUp) => {
    it.each(Object.entries(BROKEN_STREAMS))('is in the error of a streamed answer when %s', async (_title, broken) => {
      const { options, config } = SET_UPS[setUp]!();
      const client = await startClient(options);
      const abort = new AbortController();
      const source = axios.CancelToken.source();
      // More than connection and streams buffer, so that the answer is incomplete until the test reads it.
      didomi.script('api-requests', { status: 200, body: 'x'.repeat(5_000_000) });
      const { data } = await client.http.axiosRef.get<Readable>('/properties', {
        ...config,
        ...broken.config,
        responseType: 'stream',
        signal: abort.signal,
        cancelToken: source.token,
      });
      await broken.how({ client, abort, source });
      const error: Error = await new Promise((resolve) => data.on('error', resolve).resume());

      expect(error).toMatchObject(broken.expected);
      expect(axios.isCancel(error)).toBe('reason' in broken.expected && broken.expected.reason === 'aborted');
      expect(data.destroyed).toBe(true);
      expect(leaksOf(error)).toEqual([]);
      expect(reachable(data)).toEqual([]);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    });
  });
});
