import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import type { DidomiRequestConfig } from '../../../lib/index.js';
import { answerInOrder, OK, throttled } from '../../support/answers.js';
import { LONG_MS } from '../../support/calls.js';
import { createWarmClient } from '../../support/create-client.js';
import { sentOrganizations } from '../../support/sent-url.js';

describe('organization_id in the query', () => {
  it.each<[string, string, DidomiRequestConfig, string[]]>([
    ['is added where there is none', '/x', {}, ['own']],
    ['is added beside other parameters', '/x', { params: { $limit: 5 } }, ['own']],
    ['is added to URLSearchParams', '/x', { params: new URLSearchParams({ a: '1' }) }, ['own']],
    ['is added to a query in the url', '/x?a=1', {}, ['own']],
    ['is added where params has it undefined', '/x', { params: { organization_id: undefined } }, ['own']],
    ['is that of params', '/x', { params: { organization_id: 'given' } }, ['given']],
    ['is null where params says so', '/x', { params: { organization_id: null } }, ['null']],
    ['is that of URLSearchParams', '/x', { params: new URLSearchParams({ organization_id: 'given' }) }, ['given']],
    ['is that of the url', '/x?organization_id=given', {}, ['given']],
    ['is that of an absolute url', 'https://api.didomi.io/v1/x?a=1&organization_id=given', {}, ['given']],
    ['is a list of its own in params', '/x', { params: { organization_id: { $in: ['a', 'b'] } } }, []],
    ['is a list by name in params', '/x', { params: { 'organization_id[$in]': ['a', 'b'] } }, []],
    ['is a list in URLSearchParams', '/x', { params: new URLSearchParams([['organization_id[$in]', 'a']]) }, []],
    ['is a list in the url', '/x?organization_id[$in]=a', {}, []],
    ['is a list in the url, encoded', '/x?a=1&organization_id%5b$in%5d=a', {}, []],
    ['is added beside a name that only begins like it', '/x?organization_ids=a', {}, ['own']],
    ['is another one of the request', '/x', { didomi: { organizationId: 'other' } }, ['other']],
    ['is none where the request says false', '/x', { didomi: { organizationId: false } }, []],
    ['goes to other prefixes', 'https://api.didomi.io/dsar/requests', {}, ['own']],
    ['never goes to /sessions', 'https://api.didomi.io/v1/sessions', {}, []],
    ['never goes to sessions with a query', 'https://api.didomi.io/v1/sessions?a=1', { params: { b: 1 } }, []],
    ['goes to what only begins like it', '/sessions-report', {}, ['own']],
  ])('%s', async (_title, url, config, expected) => {
    const made = await createWarmClient({ organizationId: 'own' });
    const { http } = made;
    const given = {
      ...config,
      ...(config.params instanceof URLSearchParams ? {} : { params: config.params && { ...config.params } }),
    };
    const before = String(config.params instanceof URLSearchParams ? config.params : JSON.stringify(config.params));
    await http.axiosRef.get(url, given);
    expect(sentOrganizations(made)).toEqual(expected);
    await firstValueFrom(http.get(url, given));
    expect(sentOrganizations(made)).toEqual(expected);
    expect(String(given.params instanceof URLSearchParams ? given.params : JSON.stringify(given.params))).toBe(before);
    expect(made.stub.tokenRequests.map(({ params }) => params as unknown)).toEqual([undefined]);
  });

  it('is added once, however often the request is sent', async () => {
    const made = await createWarmClient({ organizationId: 'own' });
    const { http, stub, clock } = made;
    answerInOrder(stub, throttled(), { status: 401 }, { status: 503 }, OK);
    const params = new URLSearchParams({ a: '1' });
    const call = http.axiosRef.get('/x', { params });
    await clock.advance(LONG_MS);
    await call;
    expect(stub.apiRequests).toHaveLength(4);
    expect(sentOrganizations(made)).toEqual(['own']);
    expect(String(params)).toBe('a=1');
  });

  it('is not added to /sessions behind a gateway either', async () => {
    const made = await createWarmClient({ organizationId: 'own', baseURL: 'https://gateway.example/didomi/v1' });
    for (const url of ['https://gateway.example/didomi/v1/sessions', 'https://gateway.example/didomi/sessions?a=1']) {
      await made.http.axiosRef.get(url);
      expect(sentOrganizations(made)).toEqual([]);
    }
  });

  it('is only that of the request if the client has none', async () => {
    const made = await createWarmClient();
    await made.http.axiosRef.get('/x');
    expect(sentOrganizations(made)).toEqual([]);
    await firstValueFrom(made.http.get('/x', { didomi: { organizationId: 'given' } }));
    expect(sentOrganizations(made)).toEqual(['given']);
  });
});
