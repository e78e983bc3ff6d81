import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PackedLibrary } from './support/packed-library.js';

/*
 * In Node.js the condition `module-sync` leads import and require() to the same modules. Two copies remain possible: two versions
 * in one node_modules, or a loader that does not know the condition and is given both formats.
 */

let library: PackedLibrary;

beforeAll(async () => {
  library = await PackedLibrary.unpack('@nestjs/testing', '@nestjs/platform-express');
}, 60_000);

afterAll(async () => {
  await library.remove();
});

/** What a module of the application prints as JSON. `two` is the ES modules, `other` the CommonJS ones beside them. */
async function resultOf(body: string): Promise<unknown> {
  const file = join(library.application, 'main.mjs');
  await writeFile(
    file,
    `import 'reflect-metadata';
     import { createRequire } from 'node:module';
     import { Injectable, Module } from '@nestjs/common';
     import { Test } from '@nestjs/testing';
     import * as one from 'nestjs-didomi';
     import * as kit from 'nestjs-didomi/testing';
     const require = createRequire(import.meta.url);
     const other = require(${JSON.stringify(join(library.folder, 'dist/cjs/index.js'))});
     const otherKit = require(${JSON.stringify(join(library.folder, 'dist/cjs/testing/index.js'))});
     const credentials = { apiKey: 'key', apiSecret: 'secret' };
     const options = { ...credentials, warmup: 'lazy', refresh: { cron: false } };
     async function start(runtime, ...imports) {
       const testing = Test.createTestingModule({ imports });
       return await testing.overrideProvider(one.DIDOMI_RUNTIME).useValue(runtime).setLogger(false).compile();
     }
     async function main() { ${body} }
     console.log(JSON.stringify(await main()));`,
  );
  return JSON.parse(await library.node(file));
}

it('import and require() give one copy', async () => {
  const same = `return [one.DidomiModule === require('nestjs-didomi').DidomiModule,
    kit.DidomiTestingController === require('nestjs-didomi/testing').DidomiTestingController];`;
  expect(await resultOf(same)).toEqual([true, true]);
});

describe('two copies in one process', () => {
  it('agree on the tokens of the network and of named clients', async () => {
    const injected = `
      class Consumer { constructor(http, auth) { Object.assign(this, { http, auth }); } }
      other.InjectDidomiHttp('brand-b')(Consumer, undefined, 0);
      other.InjectDidomiAuth('brand-b')(Consumer, undefined, 1);
      class App {}
      Module({ imports: [one.DidomiModule.forRoot({ ...options, name: 'brand-b' })], providers: [Consumer] })(App);
      const didomi = new otherKit.DidomiTestingController();
      const app = await start(didomi, App);
      didomi.client('brand-b').when('/x').reply([1]);
      const { http, auth } = app.get(Consumer);
      const { data } = await http.axiosRef.get('/x');
      return [other.DIDOMI_RUNTIME === one.DIDOMI_RUNTIME, data, typeof await auth.getAccessToken(),
        other.getDidomiHttpAdapterToken() === one.getDidomiHttpAdapterToken()];`;
    expect(await resultOf(injected)).toEqual([true, [1], 'string', true]);
  });

  it('know the errors of each other', async () => {
    const guarded = `
      class App {}
      Module({ imports: [one.DidomiModule.forRoot(options)] })(App);
      const didomi = new otherKit.DidomiTestingController();
      const app = await start(didomi, App);
      didomi.when('/x').reply({}, { status: 404 });
      const http = app.get(one.DidomiHttpService, { strict: false });
      const error = await http.axiosRef.get('/x').catch((reason) => reason);
      const [caught] = Reflect.getMetadata('__filterCatchExceptions__', other.DidomiExceptionFilter);
      return [other.isDidomiError(error), other.isDidomiApiError(error), other.isDidomiRequestError(error), error instanceof caught];`;
    expect(await resultOf(guarded)).toEqual([true, true, false, true]);
  });

  it('have a default client each', async () => {
    const separate = `
      class Consumer { constructor(first, second) { Object.assign(this, { first, second }); } }
      one.InjectDidomiHttp()(Consumer, undefined, 0);
      other.InjectDidomiHttp()(Consumer, undefined, 1);
      class App {}
      const imports = [one.DidomiModule.forRoot(options), other.DidomiModule.forRoot(options)];
      Module({ imports, providers: [Consumer] })(App);
      const app = await start(new kit.DidomiTestingController(), App);
      const { first, second } = app.get(Consumer);
      return [first instanceof one.DidomiHttpService, second instanceof other.DidomiHttpService, first === second];`;
    expect(await resultOf(separate)).toEqual([true, true, false]);
  });
});
