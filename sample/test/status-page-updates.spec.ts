import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { BrandsService } from '../src/brands/brands.service.js';
import { BrandHistory, MAX_SAMPLES } from '../src/status-page/brand-history.js';
import { StatusCursor } from '../src/status-page/status-cursor.js';
import { StatusRecorder } from '../src/status-page/status-recorder.service.js';
import type { BrandUpdate } from '../src/status-page/status-update.interface.js';
import { SampleUnderTest } from './support/sample-under-test.js';

describe('what the status page is sent', () => {
  let sample: SampleUnderTest;

  beforeEach(async () => {
    sample = await SampleUnderTest.start();
    const page = { total: 0, limit: 100, skip: 0, data: [] };
    for (const name of [undefined, 'brand-b']) sample.didomi.client(name).when('/widgets/notices').reply(page);
  });

  afterEach(async () => {
    await sample.stop();
  });

  /** A page that was opened just now. */
  function newPage(): { next(id: string): BrandUpdate | undefined } {
    const cursor = new StatusCursor(sample.app.get(StatusRecorder), undefined);
    return { next: (id) => cursor.next()?.brands.find((brand) => brand.id === id) };
  }

  async function call(brand: string, count = 1): Promise<object> {
    const path = `/status-page/brands/${brand}/calls`;
    return (await request(sample.app.getHttpServer()).post(path).send({ count })).body as object;
  }

  function totals(update: BrandUpdate | undefined) {
    const sum = (name: 'answered' | 'failed' | 'repeated') =>
      update?.samples.reduce((total, sample) => total + sample[name], 0);
    return { answered: sum('answered'), failed: sum('failed'), repeated: sum('repeated') };
  }

  it('is everything at first, of both clients, and then what has changed', async () => {
    expect(await call('brand-a', 3)).toEqual({ answered: 3, failed: 0 });
    const page = newPage();
    const first = page.next('brand-a');
    expect(first).toMatchObject({
      name: 'Brand A',
      client: 'default client',
      status: { phase: 'fresh', usable: true },
    });
    expect(first?.events).toMatchObject([{ id: 1, type: 'refreshed', client: undefined }]);
    expect(totals(first)).toEqual({ answered: 3, failed: 0, repeated: 0 });
    expect(first).not.toHaveProperty('faults');

    await call('brand-b');
    const second = page.next('brand-b');
    expect(second?.events.map(({ type, client }) => [type, client])).toEqual([]);
    expect(totals(second)).toEqual({ answered: 1, failed: 0, repeated: 0 });
  });

  it('tells of a 401, of the renewal after it and of the repeated request', async () => {
    const page = newPage();
    page.next('brand-a');
    sample.didomi.revokeAccessToken();
    expect(await call('brand-a')).toEqual({ answered: 1, failed: 0 });

    const update = page.next('brand-a');
    expect(update?.events.map(({ type }) => type)).toEqual(['rejected', 'refreshed']);
    expect(totals(update)).toEqual({ answered: 1, failed: 0, repeated: 1 });
  });

  it('tells of renewals and calls that fail', async () => {
    const page = newPage();
    page.next('brand-b');
    sample.didomi.client('brand-b').revokeApiKey();
    expect(await call('brand-b', 2)).toEqual({ answered: 0, failed: 2 });

    const update = page.next('brand-b');
    expect(update?.status).toMatchObject({ phase: 'rejected', usable: false, lastFailureReason: 'rejected' });
    expect(update?.events.at(-1)).toMatchObject({ type: 'refresh-failed', reason: 'rejected', client: 'brand-b' });
    expect(totals(update)).toMatchObject({ answered: 0, failed: 2 });
  });

  it('holds no secret', async () => {
    const page = newPage();
    sample.didomi.revokeAccessToken();
    await call('brand-a');
    sample.didomi.client('brand-b').revokeApiKey();
    await call('brand-b');
    const text = JSON.stringify([page.next('brand-a'), newPage().next('brand-b')]);
    expect(text).toContain('refresh-failed');
    expect(sample.secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('goes over HTTP as server-sent events, from no other site', async () => {
    await sample.app.listen(0, '127.0.0.1');
    const url = await sample.app.getUrl();
    const stream = await fetch(`${url}/status-page/stream`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('access-control-allow-origin')).toBeNull();
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('}\n\n')) text += (await reader.read()).value;
    expect(text).toMatch(/retry: 1000\ndata: \{"run":"/);
    await reader.cancel();
  });

  it.each<[string, object | string]>([
    ['no number', {}],
    ['no whole number', { count: 1.5 }],
    ['none', { count: 0 }],
    ['too many', { count: 51 }],
    ['the form of another site', 'count=20'],
  ])('refuses calls: %s', async (_, body) => {
    const path = '/status-page/brands/brand-a/calls';
    const { status } = await request(sample.app.getHttpServer()).post(path).send(body);
    expect(status).toBe(400);
    expect(sample.didomi.match('/widgets/notices')).toEqual([]);
  });

  it('is of bounded size', () => {
    const [brand] = sample.app.get(BrandsService).all;
    const history = new BrandHistory(brand!, 1_000);
    const refreshed = { type: 'refreshed', client: undefined, trigger: 'renewal', attempt: 1, durationMs: 5 } as const;
    for (let at = 1_000_000; at < 11_000_000; at += 1_000) {
      history.observe(at);
      history.addAuthEvent({ ...refreshed, at, expiresAt: at + 20_000, lifetimeMs: 20_000 });
    }
    expect(history.samplesFrom(0)).toHaveLength(MAX_SAMPLES);
    expect(history.eventsAfter(0).map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => 9_951 + index));
    expect(JSON.stringify([history.samplesFrom(0), history.eventsAfter(0)]).length).toBeLessThan(64 * 1_024);
  });

  it('goes on with the last span when the clock is turned back', () => {
    const history = new BrandHistory(sample.app.get(BrandsService).find('brand-a'), 1_000);
    for (const at of [5_000, 1_000, 6_000]) history.observe(at);
    expect(history.samplesFrom(0).map(({ at }) => at)).toEqual([5_000, 6_000]);
  });
});
