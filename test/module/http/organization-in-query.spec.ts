import { describe, expect, it } from '@jest/globals';
import { createClient } from '../../support/create-client.js';
import { Loopback, stubWithNetwork } from '../../support/loopback.js';
import { TRANSPORTS } from '../../support/transports.js';

describe.each(TRANSPORTS)('over $name', (transport) => {
  /** The URL that a server gets to see. */
  async function sentUrl(url: string, params?: unknown, adapter?: string): Promise<string | undefined> {
    const didomi = await Loopback.start();
    const options = { baseURL: `${didomi.origin}/v1`, organizationId: 'org', axios: transport.axios() };
    const { http } = await createClient(options, { stub: stubWithNetwork(transport) });
    await http.axiosRef.get(url.replace('ORIGIN', didomi.origin), { params, adapter } as object);
    return didomi.requests[0]?.url;
  }

  describe('the organization in the query', () => {
    it.each([
      ['in the query of the url', '/x?organization_id=mine', undefined, '/v1/x?organization_id=mine'],
      ['encoded in the query of the url', '/x?organization%5Fid=mine', undefined, '/v1/x?organization%5Fid=mine'],
      ['as a filter in the url', '/x?organization_id[$in]=mine', undefined, '/v1/x?organization_id[$in]=mine'],
      ['in params', '/x', { organization_id: 'mine' }, '/v1/x?organization_id=mine'],
      ['as null in params', '/x', { organization_id: null }, '/v1/x?organization_id=null'],
      ['in a URLSearchParams', '/x', new URLSearchParams({ organization_id: 'mine' }), '/v1/x?organization_id=mine'],
    ])('is that of the caller if it stands %s', async (_title, url, params, expected) => {
      expect(await sentUrl(url, params)).toBe(expected);
    });

    it.each([
      ['behind a # in the url', '/x#?organization_id=mine', '/v1/x?organization_id=org'],
      ['behind a # and a &', '/x?a=1#&organization_id=mine', '/v1/x?a=1&organization_id=org'],
      ['behind a # of an absolute url', 'ORIGIN/v1/x#organization_id=mine', '/v1/x?organization_id=org'],
      ['in the path', '/organization_id=mine', '/v1/organization_id=mine?organization_id=org'],
      ['as a part of a name', '/x?my_organization_id=1', '/v1/x?my_organization_id=1&organization_id=org'],
      ['as a part of another name', '/x?organization_ids=1', '/v1/x?organization_ids=1&organization_id=org'],
      ['as a value', '/x?sort=organization_id', '/v1/x?sort=organization_id&organization_id=org'],
      ['as undefined', '/x', '/v1/x?organization_id=org'],
    ])('is that of the client if it stands %s, where Didomi does not see it', async (_title, url, expected) => {
      for (const adapter of [undefined, 'fetch']) {
        expect(await sentUrl(url, { organization_id: undefined }, adapter)).toBe(expected);
      }
    });

    it('does not get lost behind a # of the url, and neither do params', async () => {
      expect(await sentUrl('/x#top', { a: 1 })).toBe('/v1/x?a=1&organization_id=org');
      expect(await sentUrl('/x?b=2#top?c=3', { a: 1 })).toBe('/v1/x?b=2&a=1&organization_id=org');
    });
  });
});
