import { describe, expect, it } from '@jest/globals';
import axios, { CanceledError, isCancel, type AxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { firstValueFrom, Subject, takeUntil, timeout } from 'rxjs';
import { answerInOrder, holdTokenRequest, throttled } from '../../support/answers.js';
import { createClient, createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';
import { inspectAll } from '../../support/inspect-all.js';
import { withRandom } from '../../support/with-random.js';

describe('aborting a request', () => {
  it('while it waits for the access token ends it at once, and harms no other request', async () => {
    const { http, stub, auth } = await createClient();
    const issue = holdTokenRequest(stub, 'shared');
    const abort = new AbortController();
    const source = axios.CancelToken.source();
    const stop = new Subject<void>();
    let isComplete = false;
    const aborted = errorOf(http.axiosRef.get('/a', { signal: abort.signal }));
    const cancelled = errorOf(http.axiosRef.get('/b', { cancelToken: source.token }));
    http
      .get('/c')
      .pipe(takeUntil(stop))
      .subscribe({ complete: () => (isComplete = true) });
    const others = [http.axiosRef.get('/d'), http.axiosRef.get('/e', { signal: new AbortController().signal })];
    const asked = auth.getAccessToken();
    await settled();
    abort.abort();
    source.cancel('enough');
    stop.next();
    expect(isCancel(await aborted)).toBe(true);
    expect(isCancel(await cancelled)).toBe(true);
    expect(isComplete).toBe(true);
    issue();
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await asked).toBe('shared');
    expect(stub.tokenRequests).toHaveLength(1);
    expect(stub.apiRequests.map(({ url }) => url)).toEqual(['/d', '/e']);
  });

  it('before it starts sends nothing', async () => {
    const { http, stub } = await createClient();
    expect(isCancel(await errorOf(http.axiosRef.get('/x', { signal: AbortSignal.abort() })))).toBe(true);
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('by an RxJS timeout does not end the token request that it started', async () => {
    const { http, stub } = await createClient();
    const issue = holdTokenRequest(stub, 'shared');
    const first = errorOf(firstValueFrom(http.get('/a').pipe(timeout(1))));
    const second = firstValueFrom(http.get('/b'));
    expect((await first).name).toBe('TimeoutError');
    issue();
    expect((await second).status).toBe(200);
  });

  it('during the delay before a replay ends it at once, without the replay', async () => {
    const { http, stub } = await createClient();
    stub.onApiRequest = () => ({ status: 401 });
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.get('/x', { signal: abort.signal }));
    await settled();
    abort.abort();
    expect(isCancel(await call)).toBe(true);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('works until the end of a streamed answer, and leaves no listener on a long-lived cancel token', async () => {
    const { http, stub } = await createClient();
    const bodies = [new Readable({ read: () => undefined }), Readable.from(['a'])];
    stub.onApiRequest = (_config, count) => ({ status: 200, data: bodies[count] });
    const { token } = axios.CancelToken.source();
    let listeners = 0;
    Object.assign(token, { subscribe: () => (listeners += 1), unsubscribe: () => (listeners -= 1) });
    const config = { cancelToken: token, responseType: 'stream' } as const;
    const open = await http.axiosRef.get<Readable>('/x', config);
    expect(listeners).toBe(1);
    await http.axiosRef.get<Readable>('/x', config);
    await settled();
    expect(listeners).toBe(1);
    open.data.destroy();
    await settled();
    expect(listeners).toBe(0);
    expect(bodies[0]?.destroyed).toBe(true);
  });

  it('leaves no listener on a long-lived signal', async () => {
    const { http } = await createClient();
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => void (listeners += 1);
    signal.removeEventListener = () => void (listeners -= 1);
    await http.axiosRef.get('/x', { signal });
    await settled();
    expect(listeners).toBe(0);
  });
});

describe('the error of an aborted request', () => {
  const ABORTS: [string, () => { config: AxiosRequestConfig; abort: () => void }][] = [
    [
      'by a signal',
      () => {
        const abort = new AbortController();
        return { config: { signal: abort.signal }, abort: () => abort.abort() };
      },
    ],
    [
      'by a cancel token',
      () => {
        const { token, cancel } = axios.CancelToken.source();
        return { config: { cancelToken: token }, abort: () => cancel() };
      },
    ],
  ];
  const aborted = (attempts: number): object => ({
    name: 'DidomiTransportError',
    reason: 'aborted',
    method: 'PUT',
    path: '/v1/x',
    attempts,
    message: 'PUT /v1/x was aborted by the caller',
  });

  it.each(ABORTS)('%s before anything was sent has no attempts', async (_title, by) => {
    const { http, stub } = await createWarmClient();
    const { config, abort } = by();
    abort();
    for (const ask of [http.axiosRef.put('/x', {}, config), firstValueFrom(http.put('/x', {}, config))]) {
      const error = await errorOf(ask);
      expect(error).toMatchObject(aborted(0));
      expect(isCancel(error)).toBe(true);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });

  it.each(ABORTS)('%s while it waited for the access token has no attempts', async (_title, by) => {
    const { http, stub } = await createClient();
    stub.onTokenRequest = () => new Promise(() => undefined);
    const { config, abort } = by();
    const call = errorOf(http.axiosRef.put('/x', {}, config));
    await settled();
    abort();
    expect(await call).toMatchObject(aborted(0));
  });

  it.each(ABORTS)('%s in its second attempt has two', async (_title, by) => {
    const { http, stub, clock } = await createWarmClient();
    stub.onApiRequest = (sent, count) => {
      if (count === 0) return { status: 503 };
      return new Promise((_, reject) => {
        sent.cancelToken?.subscribe((reason: Error) => reject(reason));
        sent.signal?.addEventListener?.('abort', () => reject(new CanceledError(undefined, sent)));
      });
    };
    const { config, abort } = by();
    const call = errorOf(http.axiosRef.put('/x', {}, config));
    await clock.advance(1_000);
    abort();
    expect(await call).toMatchObject(aborted(2));
  });

  it.each(ABORTS)('%s holds no access token, not even through axiosRef.create()', async (_title, by) => {
    for (const outcome of [throttled(), { status: 503 }, { status: 401 }]) {
      const { http, stub } = await createWarmClient();
      answerInOrder(stub, outcome);
      stub.onTokenRequest = () => new Promise(() => undefined);
      const { config, abort } = by();
      await withRandom(0.5, async () => {
        const call = errorOf(http.axiosRef.create().put('/x', {}, config));
        await settled();
        abort();
        const error = await call;
        expect(error).toMatchObject(aborted(1));
        expect(inspectAll(error)).not.toMatch(/token-1/);
      });
    }
  });

  it('is a cancellation to axios.isCancel()', async () => {
    const { http, stub } = await createWarmClient();
    stub.onApiRequest = () => new Promise(() => undefined);
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.get('/x', { signal: abort.signal }));
    await settled();
    abort.abort();
    expect(axios.isCancel(await call)).toBe(true);
  });
});
