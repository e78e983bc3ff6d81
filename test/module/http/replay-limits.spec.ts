import { describe, expect, it } from '@jest/globals';
import { acceptOnly } from '../../support/answers.js';
import { createClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('the limits of replays', () => {
  it('end at a second 401: two requests and one token request', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401, data: { message: 'no' } });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toMatchObject({ status: 401, message: expect.stringContaining('no'), attempts: 2 });
    expect(stub.apiRequests).toHaveLength(1 + 2);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('keep an API that always answers 401 at two requests and one token request per call, inside the budget', async () => {
    const { http, stub, clock } = await createClient();
    await http.axiosRef.get('/warm');
    const sentAt: number[] = [];
    stub.onTokenRequest = (_config, count) => {
      sentAt.push(clock.now());
      return { status: 200, data: { access_token: `token-${count + 1}` } };
    };
    stub.onApiRequest = () => ({ status: 401 });
    const calls = 600;
    for (let call = 0; call < calls; call += 1) {
      const before = [stub.apiRequests.length, stub.tokenRequests.length] as const;
      const waiting = errorOf(http.axiosRef.get('/x'));
      await clock.advance(1_000);
      expect(await waiting).toMatchObject({ status: 401 });
      expect(stub.apiRequests.length - before[0]).toBeLessThanOrEqual(2);
      expect(stub.tokenRequests.length - before[1]).toBeLessThanOrEqual(1);
    }
    // The cool-down grows to a minute: ten minutes of nothing but 401 cost a handful of token requests.
    expect(sentAt.length).toBeLessThan(15);
  });

  it('are lifted once Didomi accepts an access token again', async () => {
    const { http, stub, clock } = await createClient();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    await errorOf(http.axiosRef.get('/x'));
    stub.onApiRequest = () => ({ status: 200 });
    await http.axiosRef.get('/accepted');
    await clock.advance(6_000);
    acceptOnly(stub, 'token-3');
    expect((await http.axiosRef.get('/x')).status).toBe(200);
  });

  it('allow one delayed replay when Didomi issues the same access token again', async () => {
    const { http, stub, clock } = await createClient();
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'same' } });
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    const call = errorOf(http.axiosRef.get('/x'));
    await clock.advance(500);
    expect(await call).toMatchObject({ status: 401 });
    expect(stub.apiRequests).toHaveLength(3);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('pass a 401 on without a replay once the budget is used up, and keep the access token', async () => {
    const { http, stub, auth } = await createClient({ maxTokenRequestsPerMinute: 1 });
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status: 401 });
    expect(stub.apiRequests).toHaveLength(2);
    expect(await auth.getAccessToken()).toBe('token-1');
  });

  it('grow the cool-down even if other requests succeed in between', async () => {
    const { http, stub, clock } = await createClient();
    stub.onApiRequest = ({ url }) => ({ status: url === '/broken' ? 401 : 200 });
    await http.axiosRef.get('/healthy');
    for (let second = 0; second < 600; second += 1) {
      const broken = errorOf(http.axiosRef.get('/broken'));
      await clock.advance(1_000);
      expect(await broken).toMatchObject({ status: 401 });
      expect((await http.axiosRef.get('/healthy')).status).toBe(200);
    }
    expect(stub.tokenRequests.length).toBeLessThan(16);
  });

  it('keep the rejected access token for the requests that still accept it while there is no new one', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = ({ url }) => ({ status: url === '/broken' ? 401 : 200 });
    await http.axiosRef.get('/good');
    stub.onTokenRequest = () => networkError('CERT_HAS_EXPIRED');
    expect(await errorOf(http.axiosRef.get('/broken'))).toMatchObject({
      reason: 'unavailable',
      cause: { status: 401 },
    });
    expect((await http.axiosRef.get('/good')).status).toBe(200);
    expect(await errorOf(http.axiosRef.get('/broken'))).toMatchObject({ name: 'DidomiApiError', status: 401 });
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('open no cool-down after a late replay, since no access token was requested for it', async () => {
    const { http, stub, auth, clock } = await createClient();
    let answerLate: () => void = () => undefined;
    stub.onApiRequest = ({ url, headers }) =>
      url === '/slow' && headers.get('Authorization') === 'Bearer token-1'
        ? new Promise((resolve) => (answerLate = () => resolve({ status: 401 })))
        : { status: headers.get('Authorization') === 'Bearer token-3' ? 200 : 401 };
    const late = errorOf(http.axiosRef.get('/slow'));
    await settled();
    await auth.refresh();
    answerLate();
    expect(await late).toMatchObject({ status: 401 });
    const next = http.axiosRef.get('/next');
    await settled();
    expect(stub.tokenRequests).toHaveLength(3);
    await clock.advance(500);
    expect((await next).status).toBe(200);
  });
});
