import { describe, expect, it } from '@jest/globals';
import axios, { AxiosError, AxiosHeaders } from 'axios';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { findReachable } from '../../support/find-reachable.js';
import { canaries } from '../../support/secrets/canaries.js';
import { startClient } from '../../support/secrets/clients.js';
import { API_KEY, API_SECRET } from '../../support/secrets/credentials.js';
import { leaksOf } from '../../support/secrets/leaks.js';
import { DEEP, PRINTERS } from '../../support/secrets/printers.js';
import { didomi } from '../../support/secrets/servers.js';

describe('the printers of these tests', () => {
  it('find the access token in an AxiosError', async () => {
    const { auth } = await startClient();
    const headers = new AxiosHeaders({ Authorization: `Bearer ${await auth.getAccessToken()}` });
    await axios.get(`${didomi.baseURL}/properties`, { headers });
    const error = new AxiosError('Request failed', 'ERR_BAD_REQUEST', { headers });
    const found = leaksOf(error).join('\n');

    const deepOnes = Object.keys(PRINTERS).filter((printer) => !['text', 'a clone'].includes(printer));
    for (const printer of deepOnes) expect(found).toContain(`${printer}: ey`);
    expect(found).toMatch(/^root > config > headers > Authorization$/m);
    const carelessly = leaksOf(new Error(API_SECRET, { cause: new Error(API_KEY) }));
    expect(carelessly).toEqual(
      expect.arrayContaining([`text: ${API_SECRET}`, `a clone: ${API_SECRET}`, `a clone: ${API_KEY}`]),
    );
  });

  it('find the access token in a response of Axios', async () => {
    const { auth } = await startClient();
    const headers = { Authorization: `Bearer ${await auth.getAccessToken()}` };
    const response = await axios.get<Readable>(`${didomi.baseURL}/properties`, { headers, responseType: 'stream' });

    const bearer = canaries().at(-1)!;
    expect(findReachable(response, bearer)).toBeDefined();
    expect(findReachable(response.data, bearer)).toBeDefined();
    expect(inspect(response.request, DEEP)).toContain(bearer);
    response.data.destroy();
  });
});
