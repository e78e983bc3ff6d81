import { describe, expect, it } from '@jest/globals';
import axios, { AxiosError, AxiosHeaders, type AxiosResponse } from 'axios';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';

const CONFIG = { url: 'http://tenants.example/7', headers: new AxiosHeaders() };
const NOT_FOUND = { status: 404, data: {}, headers: {}, config: CONFIG } as unknown as AxiosResponse;

describe('an error of another Axios request that an interceptor has made', () => {
  it.each([
    ['without a response', new AxiosError('connect ECONNREFUSED', 'ECONNREFUSED', CONFIG, {})],
    ['with a response', new AxiosError('404', 'ERR_BAD_REQUEST', CONFIG, {}, NOT_FOUND)],
    ['that was cancelled', new axios.CanceledError(undefined, CONFIG)],
    ['by which the interceptor cancels the request', new axios.CanceledError()],
  ])('%s stays as it is', async (_title, error) => {
    const { http, stub } = await createWarmClient();
    http.axiosRef.interceptors.request.use(() => Promise.reject(error));
    expect(await errorOf(http.axiosRef.get('/x'))).toBe(error);
    expect(stub.apiRequests).toEqual([]);
  });
});
