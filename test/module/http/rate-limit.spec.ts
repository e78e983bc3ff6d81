import { describe, expect, it } from '@jest/globals';
import { DidomiRequestError, type DidomiRequestConfig } from '../../../lib/index.js';
import { answerInOrder, OK, rateLimitHeaders } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('the rate limit', () => {
  it('can be read', async () => {
    const { http, stub, clock } = await createWarmClient();
    expect(http.rateLimit).toBeUndefined();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 60, 7) });
    await http.axiosRef.get('/x');
    expect(http.rateLimit).toEqual({ limit: 100, remaining: 60, resetAt: clock.now() + 7_000 });
  });

  it.each<[string, string, DidomiRequestConfig]>([
    ['GET', '/properties', {}],
    ['POST', '/properties', {}],
    ['GET', '/consents', { baseURL: 'https://api.didomi.io/v1/other' }],
    ['GET', '/consentsomething', {}],
    ['GET', 'https://api.didomi.io/dsar/requests', {}],
    ['GET', '/consents/users', { params: { $include_full_tree: true } }],
    ['GET', '/consents/users/1', { params: { $include_full_tree: 'true' } }],
    ['GET', 'consents/users', { params: new URLSearchParams({ $include_full_tree: 'true' }) }],
    ['GET', '/consents/users?$include_full_tree=true', {}],
    ['GET', 'https://api.didomi.io/v1/consents/users?a=1&%24include_full_tree=true', {}],
  ])('makes %s %s wait when nothing remains', async (method, url, config) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.request({ ...config, method, url });
    await clock.advance(6_999);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(1);
    expect((await call).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, string, DidomiRequestConfig]>([
    ['GET', '/consents/users', {}],
    ['GET', '/consents/users', { params: { $include_full_tree: false } }],
    ['POST', '/consents/users', { params: { $include_full_tree: true } }],
    ['POST', '/consents/events', {}],
    ['GET', '/consents/events', { params: { $include_full_tree: true } }],
    ['GET', 'consents/proofs', {}],
    ['GET', 'https://api.didomi.io/v1/consents/users/1', {}],
  ])('does not make %s %s (%j) wait', async (method, url, config) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    expect((await http.axiosRef.request({ ...config, method, url })).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, DidomiRequestConfig, boolean]>([
    ['/consents/events', {}, false],
    ['https://gateway.example/didomi/v1/consents/users', {}, false],
    ['/users', { baseURL: 'https://gateway.example/didomi/v1/consents' }, false],
    ['/properties', {}, true],
    ['/consents/users', { params: { $include_full_tree: true } }, true],
    ['https://gateway.example/consents/users', {}, true],
    ['https://gateway.example/didomiconsents/users', {}, true],
  ])('knows behind a gateway whether %s (%j) counts', async (url, config, counts) => {
    const { http, stub, clock } = await createWarmClient({ baseURL: 'https://gateway.example/didomi/v1' });
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.get(url, config);
    await settled();
    expect(stub.apiRequests).toHaveLength(counts ? 1 : 2);
    await clock.advance(7_000);
    expect((await call).status).toBe(200);
  });

  it('rejects a wait of more than 30 s at once, with retryAfterMs', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 0, 31) });
    await http.axiosRef.get('/last');
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error).toMatchObject({ retryAfterMs: 31_000, message: expect.stringContaining('was not sent') });
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('lets as many requests through per window as it allows, in the order of arrival', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(3, 0, 5) });
    await http.axiosRef.get('/last');
    const start = clock.now();
    const used = new Map<number, number>();
    stub.onApiRequest = () => {
      const window = Math.floor((clock.now() - start) / 5_000);
      used.set(window, (used.get(window) ?? 0) + 1);
      const reset = Math.ceil((start + (window + 1) * 5_000 - clock.now()) / 1_000);
      return { status: 200, headers: rateLimitHeaders(3, 3 - used.get(window)!, reset) };
    };
    const urls = ['/1', '/2', '/3', '/4', '/5', '/6', '/7'];
    const calls = urls.map((url) => http.axiosRef.get(url));
    for (const end of [3, 6, 7]) {
      await clock.advance(5_000);
      expect(stub.urls.slice(1)).toEqual(urls.slice(0, end));
    }
    await Promise.all(calls);
  });

  it('rejects a request behind 10,000 that wait, with retryAfterMs', async () => {
    const { http, stub, app } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(20_000, 0, 7) });
    await http.axiosRef.get('/last');
    const waiting = Array.from({ length: 10_000 }, () => http.axiosRef.get('/waits').catch(() => undefined));
    await settled();
    const error = await errorOf(http.axiosRef.get('/late'));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error).toMatchObject({ retryAfterMs: 7_000 });
    expect(waiting).toHaveLength(10_000);
    await app.close();
  });
});
