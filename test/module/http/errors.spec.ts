import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { DidomiApiError, DidomiTransportError } from '../../../lib/index.js';
import { answerInOrder } from '../../support/answers.js';
import { createClient, createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

describe.each([
  'get',
  'delete',
  'head',
  'options',
  'post',
  'put',
  'patch',
  'postForm',
  'putForm',
  'patchForm',
] as const)('a failed %s', (verb) => {
  it('has the same error through Observables and axiosRef', async () => {
    const { http, stub } = await createWarmClient();
    const withBody = verb.startsWith('p');
    const calls: Record<string, () => Promise<unknown>> = {
      axiosRef: () => (withBody ? http.axiosRef[verb as 'post']('/x', { a: '1' }) : http.axiosRef[verb as 'get']('/x')),
      // `HttpService` has no options().
      observable: () =>
        verb === 'options'
          ? firstValueFrom(http.request({ method: verb, url: '/x' }))
          : firstValueFrom(withBody ? http[verb as 'post']('/x', { a: '1' }) : http[verb as 'get']('/x')),
    };
    const method = verb.replace('Form', '').toUpperCase();
    for (const call of Object.values(calls)) {
      answerInOrder(stub, { status: 500, data: '{"message":"sorry"}' });
      const answered = await errorOf(call());
      expect(answered).toBeInstanceOf(DidomiApiError);
      expect(answered).toMatchObject({ status: 500, method, path: '/v1/x', message: expect.stringContaining('sorry') });
      answerInOrder(stub, networkError('EPROTO'));
      const unanswered = await errorOf(call());
      expect(unanswered).toBeInstanceOf(DidomiTransportError);
      expect(unanswered).toMatchObject({ reason: 'tls', method });
    }
  });
});

describe('validateStatus', () => {
  it.each([undefined, null, 0, ''])('refuses the answer if it returns %p, as with Axios', async (returned) => {
    for (const settles of [true, false]) {
      const { http, stub } = await createClient();
      stub.settles = settles;
      stub.onApiRequest = () => ({ status: 404, data: { message: 'gone' } });
      const error = await errorOf(http.axiosRef.get('/x', { validateStatus: () => returned as never }));
      expect(error).toMatchObject({ code: 'DIDOMI_API', message: 'GET /v1/x was answered with 404: gone' });
    }
  });

  it.each([404, 500])('is applied to %i even if the adapter ignores it', async (status) => {
    const { http, stub } = await createClient();
    stub.settles = false;
    stub.onApiRequest = () => ({ status });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status });
    expect((await http.axiosRef.get('/x', { validateStatus: null })).status).toBe(status);
  });
});
