import { describe, expect, it } from '@jest/globals';
import { isCancel } from 'axios';
import { firstValueFrom, take, toArray } from 'rxjs';
import { DidomiApiError, DidomiRequestError } from '../../../lib/index.js';
import { createClient, type TestClient } from '../../support/create-client.js';

/** A client whose list holds the numbers below `total`, three at a time. */
async function clientWithList(total: number): Promise<TestClient> {
  const made = await createClient({ organizationId: 'org' });
  made.stub.onApiRequest = ({ params }) => {
    const { $skip = 0, $limit = 3 } = params as { $skip?: number; $limit?: number };
    const limit = Math.min($limit, 3);
    const data = Array.from({ length: total }, (_, id) => ({ id })).slice($skip, $skip + limit);
    return { status: 200, data: { total, limit, skip: $skip, data } };
  };
  return made;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('paginate()', () => {
  it('yields every item of every page, with the query and the organization of the request', async () => {
    const { http, stub } = await clientWithList(8);
    const ids = (await collect(http.paginate<{ id: number }>('/properties', { params: { type: 'app' } }))).map(
      ({ id }) => id,
    );
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(stub.apiRequests.map(({ params }) => params as unknown)).toEqual([
      { type: 'app', organization_id: 'org' },
      { type: 'app', $skip: 3, organization_id: 'org' },
      { type: 'app', $skip: 6, organization_id: 'org' },
    ]);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('requests the page size, from the $skip of the caller on', async () => {
    const { http, stub } = await clientWithList(8);
    await collect(http.paginate('/properties', { pageSize: 2, params: { $skip: 5 } }));
    expect(stub.apiRequests.map(({ params }) => params as unknown)).toEqual([
      { $limit: 2, $skip: 5, organization_id: 'org' },
      { $limit: 2, $skip: 7, organization_id: 'org' },
    ]);
  });

  it('accepts URLSearchParams, and leaves them unchanged', async () => {
    const { http, stub } = await clientWithList(0);
    const params = new URLSearchParams({ type: 'app', $limit: '2', $skip: '4' });
    stub.onApiRequest = () => ({ status: 200, data: [] });
    await collect(http.paginate('/properties', { params }));
    expect(String(stub.apiRequests[0]?.params)).toBe('type=app&%24limit=2&%24skip=4&organization_id=org');
    expect(String(params)).toBe('type=app&%24limit=2&%24skip=4');
  });

  it('uses toJSON() of params', async () => {
    class Filter {
      readonly #type = 'app';
      toJSON = (): object => ({ type: this.#type, $limit: 2 });
    }
    const { http, stub } = await clientWithList(1);
    await collect(http.paginate('/properties', { params: new Filter() }));
    expect(stub.apiRequests[0]?.params).toEqual({ type: 'app', $limit: 2, organization_id: 'org' });
  });

  it('requests no page before an item of it is needed', async () => {
    const { http, stub } = await clientWithList(1_000);
    for await (const _item of http.paginate('/properties')) break;
    expect(await firstValueFrom(http.paginate('/properties').toObservable().pipe(take(2), toArray()))).toHaveLength(2);
    expect(stub.apiRequests).toHaveLength(2);
  });

  it('fails with the error of a request', async () => {
    const { http, stub } = await clientWithList(1_000);
    stub.onApiRequest = (_config, count) =>
      count < 2
        ? { status: 200, data: { total: 9, limit: 3, skip: count * 3, data: [{}, { count }, {}] } }
        : { status: 404, data: { message: 'gone' } };
    const seen: unknown[] = [];
    await expect(
      (async () => {
        for await (const item of http.paginate('/properties')) seen.push(item);
      })(),
    ).rejects.toBeInstanceOf(DidomiApiError);
    expect(seen).toHaveLength(6);
  });

  it('ends at once when it is aborted', async () => {
    const { http } = await clientWithList(1_000);
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _item of http.paginate('/properties', { signal: abort.signal })) abort.abort();
    })();
    const error = await reading.catch((reason: unknown) => reason);
    expect(isCancel(error) || error === abort.signal.reason).toBe(true);
  });

  it.each([
    ['a page size of 0', { pageSize: 0 }],
    ['a $limit that is not a number', { params: { $limit: 'many' } }],
    ['params that are text', { params: 'a=b' }],
    ['params that are a list', { params: [['a', 'b']] }],
    ['params that are a Map', { params: new Map([['a', 'b']]) }],
  ])('refuses %s', async (_title, config) => {
    const { http } = await clientWithList(1);
    expect(() => http.paginate('/properties', config as never)).toThrow(DidomiRequestError);
  });

  it('fails if the answer is not a list', async () => {
    const { http, stub } = await clientWithList(1);
    stub.onApiRequest = () => ({ status: 200, data: '<html>' });
    await expect(collect(http.paginate('/properties'))).rejects.toThrow(/no list/);
  });
});
