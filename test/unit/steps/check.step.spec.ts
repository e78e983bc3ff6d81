import { describe, expect, it, jest } from '@jest/globals';
import type { InternalAxiosRequestConfig } from 'axios';
import { CheckStep } from '../../../lib/http/steps/check.step.js';
import type { Next } from '../../../lib/http/steps/step.js';
import { answerOf, apiRequest } from '../../support/api-request.js';

describe('CheckStep', () => {
  it('passes a request on, with the organization', async () => {
    const request = apiRequest({}, { organizationId: 'org-1' });
    const answer = answerOf(200);
    const next = jest.fn<Next>().mockResolvedValue(answer);

    expect(await new CheckStep().handle(request, next)).toBe(answer);

    expect(next.mock.calls).toEqual([[request]]);
    expect(request.config.params).toEqual({ organization_id: 'org-1' });
  });

  it.each<[string, Partial<InternalAxiosRequestConfig>]>([
    ['another origin', { url: 'https://evil.example/v1/properties' }],
    ['a socket', { socketPath: '/var/run/docker.sock' }],
    ['a timeout that is no number', { timeout: Number.NaN }],
    ['the method CONNECT', { method: 'CONNECT' }],
  ])('refuses %s before the next step', (_what, config) => {
    const next = jest.fn<Next>();
    expect(() => new CheckStep().handle(apiRequest(config), next)).toThrow(
      expect.objectContaining({ name: 'DidomiRequestError' }),
    );
    expect(next).not.toHaveBeenCalled();
  });

  it('sends nothing for a caller who has aborted', () => {
    const request = apiRequest();
    request.abort.abort('caller');
    const next = jest.fn<Next>();
    expect(() => new CheckStep().handle(request, next)).toThrow('canceled');
    expect(next).not.toHaveBeenCalled();
  });
});
