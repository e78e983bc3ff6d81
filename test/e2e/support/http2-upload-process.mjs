/**
 * Sends a body that fails at once, right after an answer, over HTTP/2 to `BASE_URL`, and closes the application. Must end by itself.
 */
import { Readable } from 'node:stream';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DidomiHttpService, DidomiModule } from '../../../dist/esm/index.js';
import { undiciAdapter } from '../../../dist/esm/undici/index.js';

const { BASE_URL: baseURL, CA: ca } = process.env;
const adapter = undiciAdapter({ allowH2: true, connect: { ca } });
const options = { apiKey: 'key', apiSecret: 'secret', baseURL, retry: false, axios: { adapter } };
const app = await NestFactory.createApplicationContext(DidomiModule.forRoot(options), { logger: ['error'] });
const { axiosRef } = app.get(DidomiHttpService);

async function* failing() {
  yield 'a';
  throw new Error('the body failed');
}

await axiosRef.get('/x');
await axiosRef.get('/x');
await axiosRef.post('/x', Readable.from(failing())).catch(({ message }) => console.log(message));
await app.close();
