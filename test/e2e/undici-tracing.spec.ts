import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { undiciAdapter } from '../../lib/undici/index.js';
import { LoopbackServer } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';

const spans = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const instrumentation = new UndiciInstrumentation();
let server: LoopbackServer;
let client: NetworkClient;

beforeEach(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  instrumentation.setTracerProvider(provider);
  instrumentation.enable();
  server = await LoopbackServer.start();
  client = await networkClient(server, { axios: { adapter: undiciAdapter() } });
});

afterEach(async () => {
  await client.app.close();
  await server.stop();
  instrumentation.disable();
  context.disable();
  spans.reset();
});

it('over undici, OpenTelemetry makes a span of each request, below that of its caller, without the access token', async () => {
  await client.http.axiosRef.get('/warm');
  spans.reset();
  const tracer = provider.getTracer('test');
  const ids = await Promise.all(
    ['one', 'two'].map((name) =>
      tracer.startActiveSpan(name, async (span) => {
        await client.http.axiosRef.get(`/${name}`);
        expect(trace.getActiveSpan()).toBe(span);
        span.end();
        return span.spanContext().spanId;
      }),
    ),
  );
  const requests = spans.getFinishedSpans().filter(({ attributes }) => 'url.path' in attributes);
  expect(requests.map(({ attributes }) => attributes)).toEqual(
    ['one', 'two'].map((name): unknown =>
      expect.objectContaining({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.path': `/v1/${name}`,
      }),
    ),
  );
  expect(requests.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(ids);
  expect(JSON.stringify(requests.map(({ attributes }) => attributes))).not.toContain('access-token-canary');
});
