import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios, { AxiosHeaders } from 'axios';
import { firstValueFrom } from 'rxjs';
import { DidomiAuthenticationError } from '../../../lib/index.js';
import { createClient, createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';

describe('sending an API request', () => {
  it('sends a request of HttpService with the access token', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = () => ({ status: 200, data: { total: 0 } });
    expect(http).toBeInstanceOf(HttpService);
    const response = await firstValueFrom(http.get<{ total: number }>('/properties', { params: { $limit: 5 } }));
    expect(response.data.total).toBe(0);
    expect(stub.apiRequests[0]).toMatchObject({
      method: 'get',
      baseURL: 'https://api.didomi.io/v1',
      url: '/properties',
      params: { $limit: 5 },
    });
    expect(stub.bearers).toEqual(['token-1']);
  });

  it('follows no redirect, even if maxRedirects asks for it', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = () => ({ status: 301, headers: { Location: 'https://elsewhere.example/' } });
    const error = await errorOf(http.axiosRef.get('/x', { maxRedirects: 5 }));
    expect(error).toMatchObject({ status: 301 });
    expect(stub.apiRequests[0]?.maxRedirects).toBe(0);
  });

  it.each([
    ['the timeout of the request', { timeout: 5 }, 5],
    ['the timeoutMs of the options', {}, 12_000],
  ])('is bounded by %s', async (_title, config, timeoutMs) => {
    const { http, stub, clock } = await createWarmClient({ timeoutMs: 12_000, retry: false });
    stub.onApiRequest = () => new Promise(() => undefined);
    let isOver = false;
    const call = errorOf(http.axiosRef.get('/x', config)).finally(() => (isOver = true));
    await clock.advance(timeoutMs - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await call).toMatchObject({ code: 'DIDOMI_TRANSPORT', reason: 'timeout', systemCode: 'ETIMEDOUT' });
    // Axios' own timeout would end with the headers.
    expect(stub.apiRequests[0]?.timeout).toBe(0);
  });

  it('uses the headers and the proxy of the axios options, as token requests do', async () => {
    const proxy = { host: '127.0.0.1', port: 9 };
    const { http, stub } = await createClient({
      baseURL: 'http://127.0.0.1/v1',
      axios: { headers: { 'X-Team': 'consent' }, proxy },
    });
    await http.axiosRef.get('/x');
    for (const request of [...stub.tokenRequests, ...stub.apiRequests]) {
      expect(request.headers.get('X-Team')).toBe('consent');
      expect(request.proxy).toEqual(proxy);
    }
  });

  it('uses other agents than token requests, so that these never queue', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/x');
    expect(stub.apiRequests[0]?.httpsAgent).toBeDefined();
    expect(stub.tokenRequests[0]?.httpsAgent).toBeDefined();
    expect(stub.tokenRequests[0]?.httpsAgent).not.toBe(stub.apiRequests[0]?.httpsAgent);
  });

  it('ignores what the application has set on the default Axios instance', async () => {
    const before = { ...axios.defaults };
    axios.defaults.headers.common['X-Vendor-Key'] = 'canary';
    axios.defaults.params = { tenant: 'canary' };
    axios.defaults.auth = { username: 'canary', password: 'canary' };
    axios.defaults.transformRequest = [() => 'canary'];
    axios.defaults.transformResponse = [() => 'canary'];
    axios.defaults.maxBodyLength = 1;
    axios.defaults.maxContentLength = 1;
    try {
      const { http, stub } = await createClient();
      stub.onApiRequest = () => ({ status: 200, data: '{"a":1}' });
      expect((await http.axiosRef.post<unknown>('/x', { b: 2 })).data).toEqual({ a: 1 });
      const [request] = stub.apiRequests;
      expect(request).toMatchObject({ data: '{"b":2}', maxBodyLength: -1, maxContentLength: 52_428_800 });
      expect(request?.headers.get('X-Vendor-Key')).toBeUndefined();
      expect(request?.headers.get('Accept')).toMatch(/application\/json/);
      expect(JSON.stringify({ params: request?.params as unknown, auth: request?.auth })).not.toContain('canary');
    } finally {
      delete axios.defaults.headers.common['X-Vendor-Key'];
      delete axios.defaults.params;
      delete axios.defaults.auth;
      Object.assign(axios.defaults, before);
      expect({ ...axios.defaults }).toEqual(before);
    }
  });

  it('sends default headers of one method with requests of that method only', async () => {
    const { http, stub } = await createClient();
    const { headers } = http.axiosRef.defaults;
    headers.post['X-Set'] = 'on post';
    headers.put = new AxiosHeaders({ 'X-Set': 'on put' });
    headers.common['X-Common'] = 'on all';
    await http.axiosRef.get('/x');
    await http.axiosRef.post('/x', {});
    await http.axiosRef.put('/x', {});
    await http.axiosRef.patch('/x', {});
    expect(stub.apiRequests.map((request) => request.headers.get('X-Set'))).toEqual([
      undefined,
      'on post',
      'on put',
      undefined,
    ]);
    expect(stub.apiRequests.map((request) => request.headers.get('X-Common'))).toEqual(Array(4).fill('on all'));
    expect(Object.keys(http.axiosRef.defaults.headers)).toEqual(['common', 'post', 'put']);
  });

  it('runs no interceptor of the application on token requests', async () => {
    const { http, stub } = await createClient();
    const seen: unknown[] = [];
    http.axiosRef.interceptors.request.use((config) => {
      seen.push(config.url);
      return config;
    });
    await http.axiosRef.get('/x');
    expect(seen).toEqual(['/x']);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('sends nothing without an access token', async () => {
    const { http, stub } = await createClient();
    stub.onTokenRequest = () => ({ status: 400 });
    expect(await errorOf(http.axiosRef.get('/x'))).toBeInstanceOf(DidomiAuthenticationError);
    expect(await errorOf(firstValueFrom(http.get('/x')))).toMatchObject({ reason: 'rejected', status: 400 });
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('leaves the default Axios instance unchanged', async () => {
    const before = JSON.stringify(axios.defaults);
    const { http } = await createClient();
    await http.axiosRef.get('/x');
    expect(http.axiosRef).not.toBe(axios);
    expect(JSON.stringify(axios.defaults)).toBe(before);
    expect((axios.interceptors.request as unknown as { handlers: unknown[] }).handlers).toHaveLength(0);
  });
});
