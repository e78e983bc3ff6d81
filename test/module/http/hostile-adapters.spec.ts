import { describe, expect, it } from '@jest/globals';
import type { AxiosAdapter } from 'axios';
import { createReadStream } from 'node:fs';
import { ReadableStream } from 'node:stream/web';
import { DidomiHttpService } from '../../../lib/index.js';
import { OK } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

const NEVER: AxiosAdapter = () => new Promise(() => undefined);

describe('an adapter of the application', () => {
  it('that answers with a stream which somebody reads already costs its request, and no place', async () => {
    const { http, stub } = await createWarmClient({ maxConcurrent: 1, retry: false });
    const locked = new ReadableStream();
    locked.getReader();
    stub.onApiRequest = () => ({ status: 200, data: locked });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ code: 'DIDOMI_TRANSPORT' });
    stub.onApiRequest = () => OK;
    expect((await http.axiosRef.get('/y')).status).toBe(200);
  });

  it('that throws while its request is aborted keeps no other request from being aborted', async () => {
    const { app, http } = await createWarmClient();
    const adapter: AxiosAdapter = ({ cancelToken }) => {
      cancelToken?.subscribe(() => {
        throw new Error('of the adapter');
      });
      return new Promise(() => undefined);
    };
    const calls = [adapter, NEVER].map((given) => errorOf(http.axiosRef.get('/x', { adapter: given })));
    await settled();
    await app.close();
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ reason: 'closed' });
  });

  it('that aborts for its caller when the deadline comes ends the whole request', async () => {
    const { http, clock } = await createWarmClient({ timeoutMs: 1_000 });
    const abort = new AbortController();
    let sent = 0;
    const adapter: AxiosAdapter = ({ cancelToken }) => {
      sent += 1;
      cancelToken?.subscribe(() => abort.abort());
      return new Promise(() => undefined);
    };
    const call = errorOf(http.axiosRef.get('/x', { adapter, signal: abort.signal }));
    await clock.advance(60_000);
    expect(await call).toMatchObject({ reason: 'aborted' });
    expect(sent).toBe(1);
  });
});

describe('a stream as the body of a request that is not sent', () => {
  const MISSING = '/a/file/that/is/missing';

  it.each([
    ['would leave Didomi', { url: 'https://evil.example/x' }],
    ['has an unknown option', { didomi: { retries: 1 } }],
    ['is aborted', { signal: AbortSignal.abort() }],
  ])('because it %s fails without ending the process', async (_title, config) => {
    const { http, stub } = await createWarmClient();
    const data = createReadStream(MISSING);
    await errorOf(http.axiosRef.request({ method: 'post', url: '/x', data, ...config } as object));
    await new Promise<void>((resolve) => data.once('close', () => resolve()));
    expect(data.destroyed).toBe(true);
    expect(stub.apiRequests).toEqual([]);
  });

  it('because the client is closed fails without ending the process', async () => {
    const { app } = await createWarmClient();
    const http = app.get(DidomiHttpService);
    await app.close();
    const data = createReadStream(MISSING);
    expect(await errorOf(http.axiosRef.post('/x', data))).toMatchObject({ reason: 'closed' });
    await new Promise<void>((resolve) => data.once('close', () => resolve()));
    expect(data.destroyed).toBe(true);
  });
});

describe('the shutdown', () => {
  it('tells a request that was under way that it may have been carried out', async () => {
    const { app, http, stub } = await createWarmClient();
    stub.onApiRequest = () => new Promise(() => undefined);
    const call = errorOf(http.axiosRef.post('/x', {}));
    await settled();
    await app.close();
    const error = await call;
    expect(error).toMatchObject({ code: 'DIDOMI_AUTHENTICATION', reason: 'closed' });
    expect(error.message).toBe(
      'POST /v1/x was ended by the shutdown of the application, and may have been carried out',
    );
    expect((await errorOf(http.axiosRef.get('/x'))).message).toMatch(/client is closed/);
  });
});
