import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { DidomiApiError } from '../../../lib/index.js';
import { acceptOnly } from '../../support/answers.js';
import { createClient, type TestClient } from '../../support/create-client.js';
import { settled } from '../../support/fake-clock.js';

describe('the body of a replay', () => {
  async function replayed(data: unknown, config = {}): Promise<{ made: TestClient; error: Error | undefined }> {
    const made = await createClient();
    const { http, stub } = made;
    await http.axiosRef.get('/warm');
    acceptOnly(stub, 'token-2');
    const error = await http.axiosRef.post('/x', data, config).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return { made, error };
  }

  it('is the one of the first attempt, transformed once', async () => {
    let transforms = 0;
    const transformRequest = (data: unknown): string => {
      transforms += 1;
      return `<${JSON.stringify(data)}>`;
    };
    const { made } = await replayed({ a: 1 }, { transformRequest });
    expect(transforms).toBe(1);
    expect(made.stub.apiRequests.map(({ data }) => data as unknown)).toEqual([undefined, '<{"a":1}>', '<{"a":1}>']);
  });

  it('arrives with the same headers as the first time', async () => {
    const { made } = await replayed(
      { a: 1 },
      { headers: { 'X-Own': 'é', 'Content-Type': 'application/json; charset=utf-8' } },
    );
    const [first, second] = made.stub.apiRequests.slice(1).map(({ headers }) => ({ ...headers.toJSON() }));
    expect({ ...second, Authorization: '' }).toEqual({ ...first, Authorization: '' });
  });

  it.each([
    ['bytes', Buffer.from('abc')],
    ['URL parameters', new URLSearchParams({ a: '1' })],
    ['nothing', undefined],
    ['text', 'abc'],
  ])('may be %s', async (_title, data) => {
    expect((await replayed(data)).error).toBeUndefined();
  });

  it('may be a form without streams', async () => {
    const { made, error } = await replayed({ a: 'text' }, { headers: { 'Content-Type': 'multipart/form-data' } });
    expect(error).toBeUndefined();
    const [first, second] = made.stub.apiRequests.slice(1).map(({ data }) => String(data));
    expect(first).toContain('name="a"\r\n\r\ntext');
    expect(second).toBe(first);
  });

  it('is never a stream: the 401 says so, and the next request has a new access token', async () => {
    const { made, error } = await replayed(Readable.from(['a', 'b']));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error).toMatchObject({ status: 401 });
    expect(error?.message).toMatch(/not sent again.*stream/);
    expect(made.stub.apiRequests).toHaveLength(2);
    await settled();
    await made.http.axiosRef.get('/next');
    expect(made.stub.bearers.at(-1)).toBe('token-2');
  });

  it('is never a form that holds a stream', async () => {
    const form = { file: Readable.from(['a']) };
    const { made, error } = await replayed(form, { headers: { 'Content-Type': 'multipart/form-data' } });
    expect(error?.message).toMatch(/not sent again.*stream/);
    expect(made.stub.apiRequests).toHaveLength(2);
  });

  it('is never a stream, also when validateStatus accepts the 401', async () => {
    const made = await createClient();
    made.stub.onApiRequest = () => ({ status: 401 });
    const { status } = await made.http.axiosRef.post('/x', Readable.from(['a']), { validateStatus: () => true });
    expect(status).toBe(401);
  });

  it('is sent after the streamed body of the 401 was destroyed', async () => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    const refused = Readable.from(['no']);
    stub.onApiRequest = ({ headers }) =>
      headers.get('Authorization') === 'Bearer token-2' ? { status: 200, data: 'yes' } : { status: 401, data: refused };
    await http.axiosRef.get('/x', { responseType: 'stream' });
    expect(refused.destroyed).toBe(true);
  });
});
