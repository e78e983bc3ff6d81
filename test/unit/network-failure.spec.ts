import { describe, expect, it } from '@jest/globals';
import { AxiosError, CanceledError } from 'axios';
import { constants } from 'node:os';
import { networkFailure } from '../../lib/connection/network-failure.js';

const failure = (code: string) => networkFailure(Object.assign(new Error('x'), { code }));

describe('networkFailure()', () => {
  const system = Object.keys(constants.errno).filter((code) => code !== 'EPROTO');

  it.each(system)('takes %s of the system for transient', (code) => {
    expect(failure(code)).toMatchObject({ systemCode: code, isTransient: true });
  });

  it.each([
    ['timeout', 'ECONNABORTED ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT'],
    ['timeout', 'UND_ERR_BODY_TIMEOUT'],
    ['reset', 'ECONNRESET ENETRESET EPIPE ERR_STREAM_PREMATURE_CLOSE UND_ERR_SOCKET UND_ERR_INFO'],
    [
      'reset',
      'ERR_HTTP2_ERROR ERR_HTTP2_GOAWAY_SESSION ERR_HTTP2_STREAM_ERROR ERR_HTTP2_STREAM_CANCEL ERR_HTTP2_SESSION_ERROR',
    ],
    ['reset', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
    ['reset', 'ERR_HTTP2_INVALID_SESSION ERR_HTTP2_INVALID_STREAM ERR_HTTP2_PING_CANCEL'],
    ['refused', 'ECONNREFUSED EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL'],
    ['dns', 'ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EAI_NONAME EAI_MEMORY EAI_SYSTEM'],
    ['dns', 'ENODATA ESERVFAIL ENOTIMP EREFUSED EBADRESP EFORMERR ETIMEOUT'],
    ['unknown', 'EBUSY EMFILE ENFILE ENOBUFS ENOMEM EPERM EACCES UND_ERR_DESTROYED UND_ERR_CLOSED EWHATEVER'],
  ])('tells %s, and takes it for transient: %s', (reason, codes) => {
    for (const code of codes.split(' ')) expect(failure(code)).toEqual({ systemCode: code, reason, isTransient: true });
  });

  it.each([
    [
      'tls',
      'EPROTO CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    ['tls', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER CERT_REVOKED'],
    ['tls', 'CRL_HAS_EXPIRED UNABLE_TO_GET_CRL HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED'],
    [
      'unknown',
      'HPE_INVALID_CONSTANT HPE_HEADER_OVERFLOW Z_DATA_ERROR Z_BUF_ERROR ERR_BAD_RESPONSE ERR_BUFFER_TOO_LARGE',
    ],
    [
      'unknown',
      'ERR_ENCODING_INVALID_ENCODED_DATA ERR_UNKNOWN_ENCODING UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_HEADERS_OVERFLOW',
    ],
    ['aborted', 'UND_ERR_ABORTED'],
    ['unknown', 'ERR_BAD_REQUEST ERR_BAD_OPTION ERR_BAD_OPTION_VALUE ERR_NOT_SUPPORT ERR_FORM_DATA_DEPTH_EXCEEDED'],
    ['unknown', 'ERR_INVALID_URL ERR_INVALID_CHAR ERR_INVALID_HTTP_TOKEN ERR_INVALID_ARG_TYPE ERR_INVALID_PROTOCOL'],
    ['unknown', 'ERR_SOCKET_BAD_PORT ERR_UNESCAPED_CHARACTERS ERR_OUT_OF_RANGE ERR_HTTP_TRAILER_INVALID'],
    ['unknown', 'ERR_HTTP2_INVALID_CONNECTION_HEADERS ERR_HTTP2_INVALID_HEADER_VALUE ERR_HTTP2_HEADER_SINGLE_VALUE'],
    ['unknown', 'UND_ERR_INVALID_ARG UND_ERR_NOT_SUPPORTED UND_ERR_REQ_CONTENT_LENGTH_MISMATCH DIDOMI_REQUEST'],
  ])('tells %s, and knows that it is of no use again: %s', (reason, codes) => {
    for (const code of codes.split(' '))
      expect(failure(code)).toEqual({ systemCode: code, reason, isTransient: false });
  });

  it('finds the code that the adapter for fetch keeps in a cause', () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNRESET' });
    const fetchFailed = new TypeError('fetch failed', { cause });
    const error = Object.assign(new AxiosError('Network Error', AxiosError.ERR_NETWORK), { cause: fetchFailed });
    for (const given of [error, fetchFailed, { cause }]) {
      expect(networkFailure(given)).toEqual({ reason: 'reset', systemCode: 'ECONNRESET', isTransient: true });
    }
  });

  it('takes a connection that broke in the middle of a response for a reset', () => {
    const error = new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE);
    expect(networkFailure(error)).toMatchObject({ reason: 'reset', isTransient: true });
  });

  it.each([
    ['undefined', undefined, true],
    ['null', null, true],
    ['a string', 'ECONNRESET', true],
    ['a number', 42, true],
    ['a symbol', Symbol('x'), true],
    ['an Error without a code', new Error('x'), true],
    ['an Error whose code is a number', Object.assign(new Error('x'), { code: 42 }), true],
    ['a TypeError: the adapter is broken', new TypeError('x'), false],
    ['a RangeError', new RangeError('x'), false],
    ['what Axios refuses without a code', new AxiosError('Unknown adapter'), false],
    ['a cancellation', new CanceledError(), false],
  ])('survives a rejection with %s', (_title, error, isTransient) => {
    expect(networkFailure(error)).toMatchObject({ isTransient });
  });

  it('survives a circular chain of causes', () => {
    const error = new Error('x');
    error.cause = error;
    expect(networkFailure(error)).toMatchObject({ reason: 'unknown', isTransient: true });
  });
});
