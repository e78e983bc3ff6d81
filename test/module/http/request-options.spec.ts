import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { DidomiRequestError } from '../../../lib/index.js';
import { createWarmClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';

describe('the didomi options of a request', () => {
  it.each<[string, unknown, RegExp]>([
    ['a misspelt option', { retries: false }, /didomi\.retries is not an option: did you mean didomi\.retry\?/],
    [
      'a misspelt limit',
      { retry: { maxAttempt: 5 } },
      /didomi\.retry\.maxAttempt is not an option: did you mean didomi\.retry\.maxAttempts\?/,
    ],
    ['retry: true', { retry: true }, /didomi\.retry has to be an object, or false for no retry/],
    ['no attempts', { retry: { maxAttempts: 0 } }, /didomi\.retry\.maxAttempts has to be a whole number from 1/],
    ['half a wait', { retry: { maxWaitMs: 0.5 } }, /didomi\.retry\.maxWaitMs has to be a whole number from 0/],
    ['replay: 1', { replay: 1 }, /didomi\.replay has to be true or false/],
    ['an empty organization', { organizationId: '' }, /didomi\.organizationId is empty/],
    ['no object', 'x', /didomi has to be an object/],
  ])('are checked: %s', async (_title, didomi, message) => {
    const { http, stub } = await createWarmClient();
    for (const call of [
      http.axiosRef.get('/x', { didomi } as object),
      firstValueFrom(http.get('/x', { didomi } as object)),
    ]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(message);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });
});
