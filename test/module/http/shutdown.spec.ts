import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { createClient, type TestClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('closing the application', () => {
  it.each<[string, (http: TestClient['http']) => Promise<unknown>]>([
    ['an Observable', (http) => firstValueFrom(http.get('/x'))],
    ['axiosRef', (http) => http.axiosRef.get('/x')],
    ['axiosRef with a signal', (http) => http.axiosRef.get('/x', { signal: new AbortController().signal })],
  ])('rejects a request in flight through %s as closed, not as aborted', async (_title, ask) => {
    const { app, http, stub } = await createClient();
    // As Axios' own adapter does: a cancelled request rejects with the reason.
    stub.onApiRequest = (config) =>
      new Promise((_, reject) => config.cancelToken?.subscribe((reason: Error) => reject(reason)));
    const call = errorOf(ask(http));
    await settled();
    expect(stub.apiRequests).toHaveLength(1);
    await app.close();
    expect(await call).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'closed' });
  });
});
