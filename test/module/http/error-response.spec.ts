import { describe, expect, it } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { inspect } from 'node:util';
import { Readable } from 'node:stream';
import { lastValueFrom } from 'rxjs';
import type { DidomiApiError } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import type { StubAnswer } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.abc/def-canary_signature';
const ESCAPED = Array.from(TOKEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

async function errorFor(answer: StubAnswer): Promise<DidomiApiError> {
  const { http, stub } = await createClient({ retry: false });
  stub.onTokenRequest = () => ({ status: 200, data: { access_token: TOKEN } });
  stub.onApiRequest = () => answer;
  return (await errorOf(http.axiosRef.get('/x'))) as DidomiApiError;
}

/** Everything that an application can read or print of an error. */
function everythingOf(error: DidomiApiError): string {
  const { response, message, stack, errors } = error;
  return inspect([response, message, stack, errors, JSON.stringify(error), error], { depth: 20, showHidden: true });
}

describe('error.response', () => {
  it.each<[string, unknown, unknown]>([
    ['JSON', '{"name":"NotFound","errors":[{"id":1}]}', { name: 'NotFound', errors: [{ id: 1 }] }],
    ['what an adapter has parsed', { name: 'NotFound' }, { name: 'NotFound' }],
    ['bytes', Buffer.from('{"name":"NotFound"}'), { name: 'NotFound' }],
    ['a stream', Readable.from([Buffer.from('{"name":'), Buffer.from('"NotFound"}')]), { name: 'NotFound' }],
    ['HTML', '<html>404</html>', '<html>404</html>'],
    ['text', 'no such thing', 'no such thing'],
    ['nothing', '', ''],
    ['null', 'null', null],
  ])('has status, headers and data of %s, as code for HttpService reads it', async (_title, data, expected) => {
    const headers = { 'Content-Type': 'application/json', 'X-Request-Id': '7', 'Retry-After': '3' };
    const { response } = await errorFor({ status: 404, data, headers });
    expect(response?.status).toBe(404);
    expect(response?.data).toEqual(expected);
    expect({ ...response?.headers }).toEqual({
      'content-type': 'application/json',
      'x-request-id': '7',
      'retry-after': '3',
    });
  });

  it('is the same through Observables', async () => {
    const { http, stub } = await createClient({ retry: false });
    stub.onApiRequest = () => ({ status: 422, data: { message: 'no' } });
    const error = await errorOf(lastValueFrom(http.post('/x', {})));
    expect(error).toMatchObject({ response: { status: 422, data: { message: 'no' } } });
  });

  it('is printed by nobody', async () => {
    const error = await errorFor({
      status: 404,
      data: { person: 'canary-person' },
      headers: { 'x-a': 'canary-header' },
    });
    expect(Object.keys(error)).not.toContain('response');
    const lines: string[] = [];
    const logger = new ConsoleLogger({ colors: false });
    Object.assign(logger, { printMessages: (messages: unknown[]) => lines.push(inspect(messages, { depth: 20 })) });
    logger.error(error);
    const printed = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error), ...lines];
    for (const text of printed) expect(text).not.toContain('canary');
    expect(lines).toHaveLength(1);
  });

  it.each<[string, StubAnswer]>([
    ['as a value', { status: 400, data: JSON.stringify({ message: `bad: Bearer ${TOKEN}` }) }],
    ['as a member name', { status: 400, data: JSON.stringify({ errors: { [TOKEN]: 'unknown' } }) }],
    ['in what an adapter has parsed', { status: 400, data: { errors: [{ deep: { [TOKEN]: TOKEN } }] } }],
    ['with escapes', { status: 400, data: `{"message":"${ESCAPED}","errors":{"${ESCAPED}":1}}` }],
    ['with an escaped slash', { status: 400, data: `{"message":"${TOKEN.replace('/', '\\/')}"}` }],
    ['escaped twice', { status: 400, data: JSON.stringify({ message: `{"a":"${ESCAPED}"}` }) }],
    ['in JSON that is cut off', { status: 400, data: `{"message":"Bearer ${TOKEN.slice(0, 45)}` }],
    ['with escapes in JSON that is cut off', { status: 400, data: `{"message":"Bearer ${ESCAPED.slice(0, 200)}` }],
    ['in HTML', { status: 502, data: `<pre>Authorization: Bearer ${TOKEN}</pre>` }],
    ['in bytes', { status: 400, data: Buffer.from(`{"a":"${TOKEN}"}`) }],
    [
      'in a stream, across chunks',
      { status: 400, data: Readable.from([Buffer.from(TOKEN.slice(0, 9)), TOKEN.slice(9)]) },
    ],
    ['in a header', { status: 400, headers: { 'X-Echo': `Bearer ${TOKEN}` } }],
    ['in a redirect', { status: 302, headers: { Location: `https://x.example/?t=${TOKEN}` } }],
  ])('holds no access token that the answer echoes %s', async (_title, answer) => {
    const error = await errorFor(answer);
    expect(error.code).toBe('DIDOMI_API');
    const text = everythingOf(error);
    for (let start = 0; start + 14 <= TOKEN.length; start += 1)
      expect(text).not.toContain(TOKEN.slice(start, start + 14));
    expect(text).not.toMatch(/(?:\\+u00[\da-f]{2}){12}/i);
  });

  it('holds none of a list of headers, of a success either', async () => {
    const { http, stub } = await createClient({ retry: false });
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: TOKEN } });
    const headers = { 'set-cookie': ['a=1', `t=${TOKEN}`], 'x-echo': TOKEN, etag: '1' };
    stub.onApiRequest = () => ({ status: 200, headers: headers as never, data: { echo: TOKEN } });
    const response = await http.axiosRef.get<{ echo: string }>('/x');
    expect(JSON.stringify(response.headers)).not.toContain('canary');
    expect(response.headers).toMatchObject({
      'set-cookie': ['a=1', 't=[redacted]'],
      'x-echo': '[redacted]',
      etag: '1',
    });
    // The body is data, and not looked at.
    expect(response.data.echo).toBe(TOKEN);
    stub.onApiRequest = () => ({ status: 400, headers: headers as never });
    const error = (await errorOf(http.axiosRef.get('/x'))) as DidomiApiError;
    expect(error.response?.headers).toMatchObject({ 'set-cookie': ['a=1', 't=[redacted]'] });
  });
});
