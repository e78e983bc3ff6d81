import { describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { DidomiApiError } from '../../../lib/index.js';
import { answerInOrder, rateLimitHeaders } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { inspectAll } from '../../support/inspect-all.js';

describe('DidomiApiError', () => {
  it('has the fields of the answer and the request', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, {
      status: 422,
      headers: { 'content-type': 'application/json; charset=utf-8', ...rateLimitHeaders(100, 7, 9) },
      data: JSON.stringify({ code: 422, name: 'Unprocessable', message: 'Not so', errors: [{ path: 'a' }] }),
    });
    const error = await errorOf(http.axiosRef.post('/x/1?email=a@b.c', { secret: 1 }, { params: { token: 'p' } }));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(Object.fromEntries(Object.entries(error))).toEqual({
      name: 'DidomiApiError',
      code: 'DIDOMI_API',
      status: 422,
      method: 'POST',
      path: '/v1/x/1',
      attempts: 1,
      didomiName: 'Unprocessable',
      errors: [{ path: 'a' }],
      contentType: 'application/json',
      rateLimit: { limit: 100, remaining: 7, resetAt: clock.now() + 9_000 },
    });
    expect(error.message).toBe('POST /v1/x/1 was answered with 422: Not so');
  });

  it('reads headers regardless of case', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 429, headers: { 'Content-Type': 'text/plain', 'RETRY-AFTER': '40' } });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ retryAfterMs: 40_000, contentType: 'text/plain' });
  });

  it.each<[string, unknown, unknown]>([
    ['a list', [{ field: 'a' }], [{ field: 'a' }]],
    ['an object', { a: ['required'] }, { a: ['required'] }],
    ['null', null, undefined],
    ['absent', undefined, undefined],
  ])('has the errors of Didomi unchanged: %s', async (_title, errors, expected) => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 400, data: JSON.stringify({ name: 'BadRequest', message: 'm', errors }) });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect((error as DidomiApiError).errors).toEqual(expected);
  });

  const ENVELOPE = JSON.stringify({ name: 'NotFound', message: 'No such thing' });
  it.each<[string, unknown, string | undefined, AxiosRequestConfig, RegExp]>([
    ['JSON', ENVELOPE, 'application/json', {}, /404: No such thing$/],
    ['parsed JSON', JSON.parse(ENVELOPE), 'application/json', {}, /404: No such thing$/],
    ['bytes', Buffer.from(ENVELOPE), 'application/json', { responseType: 'arraybuffer' }, /404: No such thing$/],
    ['a stream', Readable.from([ENVELOPE]), 'application/json', { responseType: 'stream' }, /404: No such thing$/],
    ['text', 'Too many requests', 'text/plain', {}, /404: Too many requests$/],
    ['HTML', '<html><body>Bad</body></html>', 'text/html', {}, /404: no message, text\/html$/],
    ['nothing', '', undefined, {}, /404: no message$/],
    ['nothing in bytes', Buffer.alloc(0), undefined, { responseType: 'arraybuffer' }, /404: no message$/],
    ['JSON without a message', '{}', 'application/json', {}, /404: no message, application\/json$/],
    ['a message in HTML', '{"message":"<b>no</b>"}', 'application/json', {}, /404: no message, application\/json$/],
    ['a message that is no text', '{"message":7}', 'application/json', {}, /404: no message, application\/json$/],
  ])('has a readable message for any body: %s', async (_title, data, contentType, config, message) => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, {
      status: 404,
      data,
      headers: contentType === undefined ? {} : { 'content-type': contentType },
    });
    const error = await errorOf(http.axiosRef.get('/x', config));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error.message).toMatch(message);
    expect((error as DidomiApiError).contentType).toBe(contentType);
  });

  it.each<[string, (echo: string) => unknown]>([
    ['JSON', (echo) => JSON.stringify({ message: echo, name: echo, errors: [{ headers: { authorization: echo } }] })],
    ['text', (echo) => echo],
    ['bytes', (echo) => Buffer.from(echo)],
    ['a stream', (echo) => Readable.from([echo.slice(0, 9), echo.slice(9)])],
  ])('holds no access token that the body echoes in %s', async (_title, body) => {
    const { http, stub } = await createWarmClient();
    stub.onApiRequest = ({ headers }) => ({
      status: 400,
      data: body(`you sent ${String(headers.get('Authorization'))}`),
    });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error.message + inspectAll(error) + JSON.stringify(error)).not.toMatch(/token-1/);
    expect(error.message).toMatch(/you sent Bearer \[redacted\]/);
  });
});

describe('an unreadable JSON answer of status 200', () => {
  it('is text, as with Axios', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 200, data: '{"a":' });
    expect((await http.axiosRef.get<unknown>('/x')).data).toBe('{"a":');
  });

  const NOTHING_BUT_JSON: AxiosRequestConfig = { responseType: 'json', transitional: { silentJSONParsing: false } };

  it('is a DidomiApiError if silentJSONParsing is off', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 200, data: '{"a":' });
    const error = await errorOf(http.axiosRef.get('/x', NOTHING_BUT_JSON));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error).toMatchObject({ status: 200, path: '/v1/x' });
    expect(error.message).toMatch(/the answer cannot be parsed/);
  });

  it('is an error without the access token that the body echoes', async () => {
    const { http, stub } = await createWarmClient();
    stub.onApiRequest = ({ headers }) => ({ status: 200, data: `{"a": ${String(headers.get('Authorization'))}` });
    const error = await errorOf(http.axiosRef.get('/x', NOTHING_BUT_JSON));
    expect(inspectAll(error)).not.toMatch(/token-1/);
  });
});
