import { describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import { DidomiRequestError } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('a body that cannot be serialized', () => {
  class Circle {
    readonly self = [this];
  }

  it.each<[string, unknown, AxiosRequestConfig]>([
    ['is circular', new Circle(), {}],
    ['contains a BigInt', { canary: 1n }, {}],
    ['has a toJSON() that throws', { toJSON: () => JSON.parse('canary') as never }, {}],
    ['is circular in a form', new Circle(), { headers: { 'Content-Type': 'multipart/form-data' } }],
  ])('is an error of the library, and nothing is sent: it %s', async (_title, body, config) => {
    const { http, stub } = await createClient();
    for (const call of [http.axiosRef.post('/x', body, config), firstValueFrom(http.post('/x', body, config))]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(/^The body of the request cannot be written/);
      expect(inspect(error, { showHidden: true })).not.toMatch(/canary/);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });
});

describe('a body that is a stream', () => {
  it('and fails while the request waits for its access token fails only that request', async () => {
    const { http, stub } = await createClient();
    let issue: () => void = () => undefined;
    stub.onTokenRequest = () =>
      new Promise((resolve) => (issue = () => resolve({ status: 200, data: { access_token: 'token' } })));
    const call = errorOf(http.axiosRef.post('/x', createReadStream('/does/not/exist')));
    expect(await call).toBeInstanceOf(DidomiRequestError);
    issue();
    await settled();
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('and fails midway is an error that does not claim nothing was sent', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = () => new Promise(() => undefined);
    const body = new Readable({ read: () => undefined });
    const call = errorOf(http.axiosRef.post('/x', body));
    await settled();
    body.destroy(Object.assign(new Error('disk'), { code: 'ECONNRESET' }));
    expect(await call).toMatchObject({
      name: 'DidomiTransportError',
      reason: 'unknown',
      path: '/v1/x',
      attempts: 1,
      message: 'POST /v1/x was not sent to its end: its body is a stream that failed',
    });
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('is destroyed when the request cannot be sent', async () => {
    const { http, stub } = await createClient();
    stub.onTokenRequest = () => ({ status: 400 });
    const body = Readable.from(['a']);
    await errorOf(http.axiosRef.post('/x', body));
    expect(body.destroyed).toBe(true);
  });

  it('and is already destroyed is refused, since Axios would wait forever', async () => {
    const { http, stub } = await createClient();
    const body = Readable.from(['a']);
    body.destroy();
    expect(await errorOf(http.axiosRef.post('/x', body))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests).toHaveLength(0);
  });
});
