import { beforeEach, describe, expect, it } from '@jest/globals';
import { AxiosError, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { DidomiAgents } from '../../../lib/connection/didomi-agents.js';
import type { ApiRequest } from '../../../lib/http/request/api-request.js';
import { AttemptDeadlines } from '../../../lib/http/request/attempt-deadlines.js';
import type { Answer } from '../../../lib/http/response/answer.js';
import { SendStep } from '../../../lib/http/steps/send.step.js';
import { answerOf, apiRequest, BASE_URL } from '../../support/api-request.js';
import { FakeClock } from '../../support/fake-clock.js';

let clock: FakeClock;
let open: Set<ApiRequest>;
let step: SendStep;

beforeEach(() => {
  clock = new FakeClock();
  open = new Set();
  step = new SendStep({
    agents: new DidomiAgents({}, BASE_URL),
    clock,
    deadlines: new AttemptDeadlines(clock, open),
    maxContentLength: 1_000,
  });
});

function send(
  adapter: AxiosAdapter,
  config: Partial<InternalAxiosRequestConfig> = {},
): { request: ApiRequest; answer: Promise<Answer> } {
  const request = apiRequest(config, {}, adapter);
  request.accessToken = 'token-1';
  open.add(request);
  return { request, answer: step.handle(request) };
}

describe('SendStep', () => {
  it('sends with the access token, on a configuration of the attempt’s own', async () => {
    let sent: InternalAxiosRequestConfig | undefined;
    const { request, answer } = send(async (config) => {
      sent = config;
      return answerOf(200).response!;
    });

    const { response } = await answer;

    expect(sent?.headers.get('authorization')).toBe('Bearer token-1');
    expect(sent).toMatchObject({ maxRedirects: 0, timeout: 0, cancelToken: request.abort });
    expect(request.attempts).toBe(1);
    expect(request.config.headers.has('authorization')).toBe(false);
    expect(response?.config).toBe(request.config);
  });

  it('answers with whatever status came', async () => {
    const { answer } = send(async () => answerOf(503).response!);
    expect((await answer).response?.status).toBe(503);
  });

  it('answers with the error of a request without an answer', async () => {
    const error = new AxiosError('lost', 'ECONNRESET');
    const { answer } = send(() => Promise.reject(error));
    expect(await answer).toEqual({ error });
  });

  it('answers with the response of an adapter that rejects for a status', async () => {
    const { response } = answerOf(404);
    const { answer } = send(() => Promise.reject(Object.assign(new AxiosError('no'), { response })));
    expect((await answer).response?.status).toBe(404);
  });

  it('ends the attempt at its deadline, whether or not the adapter does, and leaves the request as it was', async () => {
    const { request, answer } = send(() => new Promise(() => undefined), { timeout: 500 });
    await clock.advance(500);
    expect(await answer).toMatchObject({ error: { code: 'ETIMEDOUT' } });
    expect(request.abort.reason).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it.each(['caller', 'closed'] as const)('ends with the abort by: %s', async (cause) => {
    const { request, answer } = send(() => new Promise(() => undefined));
    request.abort.abort(cause);
    await expect(answer).rejects.toMatchObject({ reason: cause === 'caller' ? 'aborted' : 'closed' });
  });

  it('tells when the connection of a stream is free', async () => {
    const data = new Readable({ read: () => undefined });
    const { answer } = send(async () => ({ ...answerOf(200).response!, data }));
    const { response, whenFree } = await answer;
    let isFree = false;
    const free = whenFree?.then(() => (isFree = true));
    await clock.advance(1);
    expect(isFree).toBe(false);

    (response!.data as Readable).destroy();

    await free;
    expect(data.destroyed).toBe(true);
  });
});
