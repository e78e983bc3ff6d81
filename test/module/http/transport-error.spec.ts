import { describe, expect, it } from '@jest/globals';
import { isCancel } from 'axios';
import { DidomiRequestError, DidomiTransportError } from '../../../lib/index.js';
import { answerInOrder } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

describe('DidomiTransportError', () => {
  it.each([
    ['ECONNABORTED', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'refused'],
    ['ENETUNREACH', 'refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EPROTO', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EWHATEVER', 'unknown'],
  ])('has for %s the reason %s', async (code, reason) => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, networkError(code));
    const error = await errorOf(http.axiosRef.post('/x?email=a@b.c', {}));
    expect(error).toBeInstanceOf(DidomiTransportError);
    expect(error).toMatchObject({ reason, systemCode: code, method: 'POST', path: '/v1/x', attempts: 1 });
    expect(error.message).toBe(`POST /v1/x got no answer from api.didomi.io:443: ${reason} (${code})`);
    expect(error).toMatchObject({ host: 'api.didomi.io:443' });
    expect(isCancel(error)).toBe(false);
  });

  it('has no systemCode if the error has no code', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, new Error('token-1'));
    const error = await errorOf(http.axiosRef.post('/x', {}));
    expect(error).toMatchObject({ reason: 'unknown', attempts: 1 });
    expect(error.message).toBe('POST /v1/x got no answer from api.didomi.io:443: unknown');
    expect((error as DidomiTransportError).systemCode).toBeUndefined();
  });

  it('is not used for a request that cannot be sent as it is', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, networkError('ERR_BAD_OPTION'));
    expect(await errorOf(http.axiosRef.get('/x'))).toBeInstanceOf(DidomiRequestError);
  });
});
