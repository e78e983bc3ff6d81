// Tests that fail while a request is open. They run in Jest and in node:test, in a process of their own.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import http from 'node:http';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DIDOMI_RUNTIME, DidomiAuthService, DidomiHttpService, DidomiModule } from 'nestjs-didomi';
import { DidomiTestingController, DidomiTestingModule } from 'nestjs-didomi/testing';

const TIMEOUTS = { answerTimeoutMs: 1_000, arrivalTimeoutMs: 10 };

async function compile() {
  const module = await Test.createTestingModule({ imports: [DidomiTestingModule.forRoot(TIMEOUTS)] }).compile();
  const client = module.get(DidomiHttpService).axiosRef;
  return { module, client, auth: module.get(DidomiAuthService), didomi: module.get(DidomiTestingController) };
}

/** Longer than every timeout of the kit. */
const outlive = () => new Promise((resolve) => setTimeout(resolve, 60));

/** A failed assertion between `expectOne()` and `flush()`. */
async function failBeforeFlush({ client, didomi }) {
  const answer = client.get('/properties');
  const request = await didomi.expectOne('/properties');
  assert.equal(request.method, 'POST');
  request.flush([]);
  await answer;
}

describe('close()', () => {
  let kit;
  beforeEach(async () => {
    kit = await compile();
  });
  afterEach(() => kit.module.close());

  it('red: before flush()', () => failBeforeFlush(kit));
  it('red: a request that waits for its retry', async () => {
    kit.didomi.holdTime();
    kit.didomi.when('/properties').reply(undefined, { status: 503 });
    void kit.client.get('/properties');
    await kit.didomi.expectOne('/properties');
    assert.fail();
  });
  it('red: an access token that is late', async () => {
    kit.didomi.holdTime();
    kit.didomi.failAccessTokenRequests(400);
    kit.didomi.delayAccessTokenRequests(1_000);
    void kit.auth.getAccessToken();
    void kit.client.get('/properties');
    await kit.didomi.advance(0);
    assert.fail();
  });
  it('green: after close()', outlive);
});

describe('verify()', () => {
  let kit;
  beforeEach(async () => {
    kit = await compile();
  });
  afterEach(() => {
    try {
      kit.didomi.verify();
    } catch {
      // The runners differ in how they report a hook that fails.
    }
  });

  it('red: before flush()', () => failBeforeFlush(kit));
  it('red: before expectOne()', async () => {
    void kit.client.get('/properties');
    await kit.didomi.advance(0);
    assert.fail();
  });
  it('red: an expectation that is not awaited', () => {
    void kit.didomi.expectOne('/properties');
    assert.fail();
  });
  it('green: after verify()', outlive);
});

describe('reset()', () => {
  let kit;
  beforeEach(async () => {
    kit ??= await compile();
  });
  afterEach(() => kit.didomi.reset());

  it('red: before flush()', () => failBeforeFlush(kit));
  it('red: a request that waits for its retry', async () => {
    kit.didomi.holdTime();
    kit.didomi.when('/late').reply(undefined, { status: 503 });
    void kit.client.get('/late');
    await kit.didomi.expectOne('/late');
    assert.fail();
  });
  it('green: after reset()', async () => {
    await outlive();
    kit.didomi.verify();
  });
});

describe('nothing', () => {
  it('red: before flush()', async () => await failBeforeFlush(await compile()));
  it('red: a request that does not arrive', async () => {
    const { client, didomi } = await compile();
    void client.get('/properties');
    await didomi.expectOne('/notices');
  });
  it('green: afterwards', outlive);
});

describe('close() of a server', () => {
  class Properties {
    async list() {
      return (await this.client.axiosRef.get('/properties')).data;
    }
  }
  let app;
  afterEach(() => app.close());

  it('red: while it answers a request of its own', async () => {
    const didomi = new DidomiTestingController(TIMEOUTS);
    class AppModule {}
    Module({ imports: [DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'lazy' })] })(AppModule);
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    app = module.createNestApplication({ logger: false });
    const properties = Object.assign(new Properties(), { client: module.get(DidomiHttpService, { strict: false }) });
    app.use('/properties', (_request, response) => {
      void properties.list().catch(() => response.end());
    });
    await app.listen(0, '127.0.0.1');
    http.get(`${await app.getUrl()}/properties`, { agent: false }).on('error', () => undefined);
    await didomi.expectOne('/properties');
    assert.fail();
  });
  it('green: after it', outlive);
});
