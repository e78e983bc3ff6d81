import { describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { createClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

/** How a request ends whose every attempt fails with the code. */
async function outcomeOf(code: string, request: AxiosRequestConfig) {
  const { http, stub, clock } = await createClient();
  stub.onApiRequest = () => networkError(code);
  const failing = errorOf(http.axiosRef.request({ url: '/properties', ...request }));
  await clock.advance(30_000);
  return { error: await failing, sent: stub.apiRequests.length };
}

describe('a network error', () => {
  it.each([
    ['timeout', 'ECONNABORTED ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT UND_ERR_HEADERS_TIMEOUT'],
    ['reset', 'ECONNRESET ENETRESET EPIPE UND_ERR_SOCKET ERR_HTTP2_GOAWAY_SESSION ERR_HTTP2_STREAM_ERROR'],
    ['refused', 'ECONNREFUSED EADDRNOTAVAIL ENETDOWN EHOSTDOWN EHOSTUNREACH ENETUNREACH'],
    ['dns', 'ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA ESERVFAIL EREFUSED ETIMEOUT ENODATA'],
    ['unknown', 'EBUSY EMFILE ENOBUFS EWHATEVER'],
  ])('of the kind %s is tried again for GET, and never for POST: %s', async (reason, codes) => {
    for (const code of codes.split(' ')) {
      const host = 'api.didomi.io:443';
      const get = await outcomeOf(code, { method: 'get' });
      expect(get).toMatchObject({ sent: 3, error: { reason, systemCode: code, attempts: 3, host } });
      const message = `GET /v1/properties got no answer from ${host}: ${reason} (${code})`;
      expect(get.error.message).toBe(message);
      const post = await outcomeOf(code, { method: 'post', data: {} });
      expect(post).toMatchObject({ sent: 1, error: { reason, systemCode: code, attempts: 1, host } });
    }
  });

  it.each([
    ['tls', 'EPROTO CERT_HAS_EXPIRED ERR_TLS_CERT_ALTNAME_INVALID CRL_HAS_EXPIRED HOSTNAME_MISMATCH'],
    ['unknown', 'HPE_INVALID_CONSTANT Z_DATA_ERROR ERR_BAD_RESPONSE'],
  ])('of the kind %s is not tried again, since it would come again: %s', async (reason, codes) => {
    for (const code of codes.split(' ')) {
      const { error, sent } = await outcomeOf(code, { method: 'get' });
      expect({ error, sent }).toMatchObject({ sent: 1, error: { reason, systemCode: code, attempts: 1 } });
    }
  });

  it('that means the request itself is a DidomiRequestError, and not tried again', async () => {
    for (const code of ['ERR_INVALID_URL', 'ERR_INVALID_CHAR', 'ERR_BAD_OPTION_VALUE', 'UND_ERR_INVALID_ARG']) {
      const { error, sent } = await outcomeOf(code, { method: 'get' });
      expect({ error, sent }).toMatchObject({ sent: 1, error: { code: 'DIDOMI_REQUEST' } });
      expect(error.message).toMatch(new RegExp(`^GET /v1/properties cannot be sent as it is \\(${code}\\): \\w+`));
    }
  });
});
