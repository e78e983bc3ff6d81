import { describe, expect, it } from '@jest/globals';
import { DidomiRequestError } from '../../../lib/index.js';
import { answerInOrder } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { sentUrl } from '../../support/sent-url.js';

describe('the query of a request', () => {
  it('uses toJSON() of params, and adds the organization', async () => {
    class Filter {
      readonly #status = 'confirmed';
      toJSON = (): object => ({ status: this.#status });
    }
    const made = await createWarmClient({ organizationId: 'own' });
    await made.http.axiosRef.delete('/consents/events', { params: new Filter() });
    expect(sentUrl(made).search).toBe('?status=confirmed&organization_id=own');
  });

  it.each<[string, unknown]>([
    ['a Map', new Map([['status', 'confirmed']])],
    ['a list', [['status', 'confirmed']]],
    ['text', 'status=confirmed'],
    ['a Date', new Date(0)],
  ])('cannot be %s', async (_title, params) => {
    const { http, stub } = await createWarmClient({ organizationId: 'own' });
    const error = await errorOf(http.axiosRef.delete('/consents/events', { params }));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error.message).toMatch(/^params has to be/);
    expect(stub.apiRequests).toEqual([]);
    expect(() => http.axiosRef.getUri({ params })).toThrow(/params has to be/);
  });

  it('writes null as text, and drops undefined only', async () => {
    const made = await createWarmClient();
    await made.http.axiosRef.get('/x', { params: { deployed_at: null, gone: undefined, 'status[$in]': ['a', 'b'] } });
    expect(decodeURIComponent(sentUrl(made).search)).toBe('?deployed_at=null&status[$in]=a&status[$in]=b');
  });

  it.each(['/consents/users', 'consents/users'])(
    'is appended to a path with and without a leading slash: %s',
    async (url) => {
      const made = await createWarmClient({ organizationId: 'own' });
      await made.http.axiosRef.get(url);
      expect(sentUrl(made).href).toBe('https://api.didomi.io/v1/consents/users?organization_id=own');
      answerInOrder(made.stub, { status: 404 });
      expect(await errorOf(made.http.axiosRef.get(url))).toMatchObject({ path: '/v1/consents/users' });
    },
  );
});
