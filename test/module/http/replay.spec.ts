import { describe, expect, it } from '@jest/globals';
import { AxiosError } from 'axios';
import { acceptOnly, holdTokenRequest } from '../../support/answers.js';
import { createClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('a 401', () => {
  it('leads to one token request and a replay', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    acceptOnly(stub, 'token-2');
    expect((await http.axiosRef.get('/x')).status).toBe(200);
    expect((await http.axiosRef.get('/y')).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-1', 'token-2', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('after a revocation costs 10,000 callers one token request, and no caller sees it', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    const responses = await Promise.all(Array.from({ length: 10_000 }, () => http.axiosRef.get('/x')));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('that comes late is replayed with the current access token, without a token request', async () => {
    const { http, stub, auth } = await createClient();
    let answerLate: () => void = () => undefined;
    stub.onApiRequest = ({ headers }) =>
      headers.get('Authorization') === 'Bearer token-1'
        ? new Promise((resolve) => (answerLate = () => resolve({ status: 401 })))
        : { status: 200 };
    const late = http.axiosRef.get('/slow');
    await settled();
    await auth.refresh();
    answerLate();
    expect((await late).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('joins a token request in flight', async () => {
    const { http, stub, auth, clock } = await createClient();
    await http.axiosRef.get('/warm');
    await clock.advance(2_000_000);
    const issue = holdTokenRequest(stub, 'joined');
    acceptOnly(stub, 'joined');
    await auth.getAccessToken();
    const call = http.axiosRef.get('/x');
    await settled();
    issue();
    expect((await call).status).toBe(200);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('of a new access token that was never accepted delays the replay, since replicas may not know it yet', async () => {
    const { http, stub, clock } = await createClient();
    stub.onApiRequest = (_config, count) => ({ status: count === 0 ? 401 : 200 });
    const call = http.axiosRef.get('/x');
    await settled();
    expect(stub.tokenRequests).toHaveLength(2);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(500);
    expect((await call).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
  });

  it.each([429, 503])(
    'after a %i, which proves nothing about the access token, delays the replay as well',
    async (status) => {
      const { http, stub, clock } = await createClient({ retry: false });
      stub.onApiRequest = (_config, count) => ({ status: [status, 401][count] ?? 200 });
      await errorOf(http.axiosRef.get('/consents/users'));
      const call = http.axiosRef.get('/consents/users');
      await settled();
      expect(stub.apiRequests).toHaveLength(2);
      await clock.advance(500);
      expect((await call).status).toBe(200);
    },
  );

  it('whose token request fails becomes the error of the token request', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    stub.onTokenRequest = () => ({ status: 400 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'rejected', status: 400 });
  });

  it('is replayed when validateStatus accepts it, too', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    acceptOnly(stub, 'token-2');
    const { status } = await http.axiosRef.get('/x', { validateStatus: () => true });
    expect(status).toBe(200);
    expect(stub.apiRequests).toHaveLength(3);
  });

  it.each([403, 404, 500])('is different from a %i, which causes no token request and no replay', async (status) => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status });
    expect(stub.apiRequests).toHaveLength(2);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is different from a network error: a POST is sent once', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = () => networkError('ECONNRESET');
    expect(await errorOf(http.axiosRef.post('/consents/events', {}))).toMatchObject({ reason: 'reset' });
    expect(stub.apiRequests).toHaveLength(1);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is different from an answer that broke off', async () => {
    const { http, stub } = await createClient();
    const broken = new AxiosError('stream has been aborted', 'ERR_BAD_RESPONSE', undefined, {}, {
      status: 200,
      data: undefined,
    } as never);
    stub.onApiRequest = () => broken;
    expect(await errorOf(http.axiosRef.post('/x'))).toMatchObject({ name: 'DidomiTransportError', reason: 'reset' });
  });
});
